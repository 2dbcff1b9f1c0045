"""Call expressions: what is called, and with what. Entry point: `invoked`."""

from __future__ import annotations

from collections.abc import Sequence

from sessionlint.facts import ops
from sessionlint.solve.state.gathering import few
from sessionlint.solve.state.objects import Arguments, Collection, LateComprehension
from sessionlint.solve.state.outcome import Outcome
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Const, Method, Unknown, Value
from sessionlint.solve.walk import subscripts
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.source import Range


def invoked(machine: Machine, frame: Frame, state: PathState, expr: ops.Call) -> Results:
    """Evaluate a call: what is called, its arguments, and what the call does."""
    is_awaited, machine.awaiting = machine.awaiting, False
    done: Results = []
    arguments_of = _plain_arguments if _is_plain(expr) else _arguments
    for found, function in _called(machine, frame, state, expr.func):
        for after, arguments in arguments_of(machine, frame, found, expr):
            machine.awaiting = is_awaited
            done += machine.call(frame, after, function, arguments, expr.at)
            machine.awaiting = False
    return done


def _called(machine: Machine, frame: Frame, state: PathState, func: ops.Expr) -> Results:
    """What is called; a method of an unknown keeps its receiver, so that a call can tell what the receiver must be."""
    if type(func) is not ops.Attribute:
        return machine.evaluate(frame, state, func)
    done: Results = []
    for found, receiver in machine.evaluate(frame, state, func.value):
        if type(found.value(receiver)) in _NAMELESS:
            done.append((found, Method(receiver, func.name)))
        else:
            done += machine.read(frame, found, receiver, func.name, func.at, func.name_at)
    return done


_NAMELESS = frozenset({Unknown, Const})


def _is_plain(expr: ops.Call) -> bool:
    """Whether a call has no `*args` and no `**kwargs`."""
    for item in expr.args:
        if type(item) is ops.Starred:
            return False
    return all(keyword.name is not None for keyword in expr.keywords)


def _plain_arguments(machine: Machine, frame: Frame, state: PathState, expr: ops.Call) -> list[tuple[PathState, Arguments]]:
    if not expr.keywords:
        several = machine.evaluate_all(frame, state, expr.args)
        return [(found, Arguments(values) if values else _NONE) for found, values in several]
    count = len(expr.args)
    names = [keyword.name or "" for keyword in expr.keywords]
    parts = [*expr.args, *(keyword.value for keyword in expr.keywords)]
    return [
        (found, Arguments(values[:count], tuple(zip(names, values[count:], strict=True))))
        for found, values in machine.evaluate_all(frame, state, parts)
    ]


_NONE = Arguments()


def _arguments(machine: Machine, frame: Frame, state: PathState, expr: ops.Call) -> list[tuple[PathState, Arguments]]:
    parts = [item.value if isinstance(item, ops.Starred) else item for item in expr.args]
    done: list[tuple[PathState, Arguments]] = []
    for found, values in machine.evaluate_all(frame, state, [*parts, *(keyword.value for keyword in expr.keywords)]):
        positional: list[Value] = []
        keywords: list[tuple[str, Value]] = []
        rest: list[Value] = []
        is_open = False
        for item, value in zip(expr.args, values, strict=False):
            if not isinstance(item, ops.Starred):
                positional.append(value)
                continue
            collection = found.object(value)
            exact = collection.items if isinstance(collection, Collection) else None
            positional += exact or ()
            is_open |= exact is None
            rest += () if exact is not None else _rest_of(machine, frame, found, value, item.at)
        for keyword, value in zip(expr.keywords, values[len(expr.args) :], strict=True):
            if keyword.name is not None:
                keywords.append((keyword.name, value))
                continue
            collection = found.object(value)
            if isinstance(collection, Collection) and collection.items is not None:
                keywords += [(str(name), item) for name, item in zip(collection.keys, collection.items, strict=False)]
            else:
                is_open = True
                rest += subscripts.elements_of(machine, frame, found, value)
        done.append((found, Arguments(tuple(positional), tuple(keywords), is_open, tuple(rest))))
    return done


def _rest_of(machine: Machine, frame: Frame, state: PathState, value: Value, at: Range) -> Sequence[Value]:
    """What `*value` may bring; of a generator, which is run for it, what its turns yield."""
    if not isinstance(state.object(value), LateComprehension):
        return subscripts.elements_of(machine, frame, state, value)
    yielded: list[Value] = []

    def turn(current: PathState, element: Value) -> Outcome:
        yielded.append(element)
        # the coroutines stay in the state that goes on
        for key, thing in current.heap.items():
            if key not in state.heap:
                state.heap[key] = thing
        return Outcome(normal=[current])

    machine.iterate(frame, state.copy(), value, at, turn)
    return few(yielded)
