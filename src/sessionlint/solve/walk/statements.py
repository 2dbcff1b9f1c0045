"""Walks statements: Python's control flow over sets of path states. Entry point: `execute`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sessionlint.facts import ops
from sessionlint.link.symbols import FunctionId
from sessionlint.solve.calls.activation import mark_return
from sessionlint.solve.keeping import caches
from sessionlint.solve.limits import MAX_TURNS
from sessionlint.solve.meaning.annotations import annotated, decorated
from sessionlint.solve.orm import failures, merging
from sessionlint.solve.scopes import openings
from sessionlint.solve.state.objects import Collection
from sessionlint.solve.state.outcome import Outcome, Thrown
from sessionlint.solve.state.state import PathState, kept
from sessionlint.solve.state.values import NONE, FunctionValue, Ref, Unknown, Value
from sessionlint.solve.walk import exceptions
from sessionlint.solve.walk.contexts import enter_with
from sessionlint.solve.walk.machine import Frame, Machine, Sink


def execute(machine: Machine, frame: Frame, states: list[PathState], body: Sequence[ops.Stmt]) -> Outcome:
    """Walk `body` from each of `states`."""
    out = Outcome(normal=kept(states) if len(states) > 1 else list(states))
    for item in body:
        if not out.normal:
            break
        current, out.normal = out.normal, []
        walk = _STATEMENTS[type(item)]
        for state in current:
            machine.count()
            found = walk(machine, frame, state, item)
            out.normal += found.normal
            if found.returned or found.raised or found.broken or found.continued:
                out.add_exits(found)
        if len(out.normal) > 1:
            out.normal = kept(out.normal)
    return out.trim()


def _evaluate(machine: Machine, frame: Frame, state: PathState, item: ops.Evaluate) -> Outcome:
    machine.is_dropped = merging.is_merge(item.value)
    values = machine.evaluate(frame, state, item.value)
    machine.is_dropped = False
    return Outcome([found for found, _ in values])


def _return(machine: Machine, frame: Frame, state: PathState, item: ops.Return) -> Outcome:
    if frame.on_return is not None:
        mark_return(frame, state, item.at)
    if item.value is None:
        return Outcome(returned=[(state, NONE)])
    values = list(machine.evaluate(frame, state, item.value))
    for found, value in values:
        openings.returned(machine, frame, found, value, item.at)
        caches.returned(machine, frame, found, value, item.at)
    return Outcome(returned=values)


def _assign(machine: Machine, frame: Frame, state: PathState, item: ops.Assign) -> list[PathState]:
    if item.value is None:
        return [state]
    done: list[PathState] = []
    for found, raw in machine.evaluate(frame, state, item.value):
        value = raw
        if item.annotation is not None and isinstance(found.value(raw), Unknown):
            value = annotated(machine, frame, found, raw, item.annotation)
        pending = [found]
        for target in item.targets:
            pending = [after for before in pending for after in machine.assign(frame, before, target, value)]
        done += pending
    return done


def _augmented(machine: Machine, frame: Frame, state: PathState, item: ops.AugAssign) -> list[PathState]:
    done: list[PathState] = []
    for found, value in machine.evaluate(frame, state, item.value):
        for after, old in machine.evaluate(frame, found, item.target):
            collection, added = after.object(old), after.object(value)
            if isinstance(collection, Collection) and isinstance(old, Ref) and isinstance(added, Collection):
                elements = tuple(dict.fromkeys(collection.elements + (collection.items or ()) + added.elements + (added.items or ())))
                after.put(old.key, Collection(collection.kind, None, (), elements))
                done.append(after)
            else:
                done += machine.assign(frame, after, item.target, machine.fresh(frame, after, item.at, "augmented"))
    return done


def _delete(machine: Machine, frame: Frame, state: PathState, item: ops.Delete) -> list[PathState]:
    states = [state]
    for target in item.targets:
        if isinstance(target, ops.Name):
            for found in states:
                found.set_variable(frame.key, target.id, machine.fresh(frame, found, target.at, "deleted"))
    return states


def _raise(machine: Machine, frame: Frame, state: PathState, item: ops.Raise) -> Outcome:
    failures.passed_on(machine, state)
    if item.error is None:
        machine.throw(frame, state, frame.handling[-1] if frame.handling else Thrown(frame.at(item.at)))
        return Outcome()
    for found, value in machine.evaluate(frame, state, item.error):
        names = exceptions.names_of(machine, frame, item.error, value, found)
        machine.throw(frame, found, Thrown(frame.at(item.at), names, value))
    return Outcome()


def _if(machine: Machine, frame: Frame, state: PathState, item: ops.If) -> Outcome:
    positive, negative = machine.branch(frame, state, item.test)
    out = machine.execute(frame, positive, item.body) if positive else Outcome()
    other = machine.execute(frame, negative, item.orelse) if negative else Outcome()
    out.normal += other.normal
    out.add_exits(other)
    return out.trim()


def _while(machine: Machine, frame: Frame, state: PathState, item: ops.While) -> Outcome:
    out, pending, seen = Outcome(), [state], set[int]()
    frame.loops += 1
    for _ in range(MAX_TURNS):
        turning: list[PathState] = []
        for current in pending:
            positive, negative = machine.branch(frame, current, item.test)
            turning += positive
            if negative:
                after = machine.execute(frame, negative, item.orelse)
                out.normal += after.normal
                out.add_exits(after)
        turning = [found for found in kept(turning) if found.signature() not in seen]
        if not turning:
            break
        seen.update(found.signature() for found in turning)
        body = machine.execute(frame, turning, item.body)
        out.normal += body.broken
        out.returned += body.returned
        pending = body.normal + body.continued
    frame.loops -= 1
    return out.trim()


def _for(machine: Machine, frame: Frame, state: PathState, item: ops.For) -> Outcome:
    def turn(current: PathState, value: Value) -> Outcome:
        sink = Sink()
        frame.sinks.append(sink)
        frame.loops += 1
        try:
            body = machine.execute(frame, machine.assign(frame, current, item.target, value), item.body)
        finally:
            frame.loops -= 1
            frame.sinks.pop()
        body.normal, body.continued = kept(body.normal + body.continued), []
        body.raised += sink.all()
        return body

    out = Outcome()
    for found, iterable in machine.evaluate(frame, state, item.iter):
        loop = machine.iterate(frame, found, iterable, item.iter.at, turn)
        for after, thrown in loop.raised:
            machine.throw(frame, after, thrown)
        done = machine.execute(frame, loop.normal, item.orelse) if item.orelse else Outcome(normal=loop.normal)
        out.normal += done.normal + loop.broken
        out.returned += loop.returned
        out.add_exits(done)
    return out.trim()


def _try(machine: Machine, frame: Frame, state: PathState, item: ops.Try) -> Outcome:
    outer = Sink()
    frame.sinks.append(outer)
    machine.tries += 1
    guarded = exceptions.guards_detached(machine, frame, item)
    is_guarded_here = exceptions.guards_here(machine, frame, item)
    try:
        inner = Sink()
        frame.sinks.append(inner)
        machine.guards += guarded
        frame.guards += is_guarded_here
        try:
            body = machine.execute(frame, [state], item.body)
        finally:
            machine.guards -= guarded
            frame.guards -= is_guarded_here
            frame.sinks.pop()
        out = Outcome()
        out.add_exits(body)
        done = machine.execute(frame, body.normal, item.orelse) if item.orelse else Outcome(normal=body.normal)
        out.normal += done.normal
        out.add_exits(done)
        _handle(machine, frame, item, inner, out)
    finally:
        machine.tries -= 1
        frame.sinks.pop()
    return _finally(machine, frame, item, out.trim(), outer)


def _handle(machine: Machine, frame: Frame, item: ops.Try, inner: Sink, out: Outcome) -> None:
    """Let the handlers of a `try` see what its body threw; what none of them takes goes to the sink around."""
    pending = inner.all()
    for handler in item.handlers:
        caught: dict[tuple[str, ...], tuple[Thrown, list[PathState]]] = {}
        rest: list[tuple[PathState, Thrown]] = []
        for state, thrown in pending:
            verdict = exceptions.catches(machine, frame, handler, thrown)
            if verdict is not False:
                taken = state.copy() if verdict is None else state
                failures.caught(machine, frame, taken, handler)
                caught.setdefault(thrown.names, (thrown, []))[1].append(taken)
            if verdict is not True:
                rest.append((state, thrown))
        for thrown, states in caught.values():
            frame.handling.append(thrown)
            for state in states:
                if handler.name:
                    state.set_variable(frame.key, handler.name, thrown.value or machine.fresh(frame, state, handler.at, "error"))
            found = machine.execute(frame, states, handler.body)
            frame.handling.pop()
            out.normal += found.normal
            out.add_exits(found)
        pending = rest
    for state, thrown in pending:
        machine.throw(frame, state, thrown)


def _finally(machine: Machine, frame: Frame, item: ops.Try, out: Outcome, outer: Sink) -> Outcome:
    """Run the `finally` for every way out, and go on with that way after it."""
    raised = outer.all()
    if not item.finalbody:
        for state, thrown in raised:
            machine.throw(frame, state, thrown)
        return out
    done = Outcome()

    def run(states: list[PathState]) -> list[PathState]:
        found = machine.execute(frame, states, item.finalbody)
        done.add_exits(found)
        return found.normal

    done.normal += run(out.normal) if out.normal else []
    done.broken += run(out.broken) if out.broken else []
    done.continued += run(out.continued) if out.continued else []
    for state, value in out.returned:
        done.returned += [(found, value) for found in run([state])]
    for state, thrown in raised:
        for found in run([state]):
            machine.throw(frame, found, thrown)
    return done.trim()


def _match(machine: Machine, frame: Frame, state: PathState, item: ops.Match) -> Outcome:
    out = Outcome()
    for found, subject in machine.evaluate(frame, state, item.subject):
        pending = [found]
        for case in item.cases:
            if not pending:
                break
            taken = [state.copy() for state in pending]
            for current in taken:
                for name in case.captures:
                    whole = case.is_irrefutable or bool(case.classes)
                    current.set_variable(frame.key, name, subject if whole else machine.fresh(frame, current, case.at, name))
            if case.guard is not None:
                taken = [after for current in taken for after in machine.branch(frame, current, case.guard)[0]]
            done = machine.execute(frame, taken, case.body)
            out.normal += done.normal
            out.add_exits(done)
            if case.is_irrefutable and case.guard is None:
                pending = []
        out.normal += pending
    return out.trim()


def _define(machine: Machine, frame: Frame, state: PathState, item: ops.FunctionDef) -> PathState:
    function = FunctionId(frame.file, item.function)
    value = decorated(machine, frame, state, FunctionValue(function, frame.key))
    state.set_variable(frame.key, machine.program.function(function).name, value)
    return state


_STATEMENTS: dict[type, Callable[[Machine, Frame, PathState, Any], Outcome]] = {
    ops.Evaluate: _evaluate,
    ops.Assign: lambda machine, frame, state, item: Outcome(_assign(machine, frame, state, item)),
    ops.AugAssign: lambda machine, frame, state, item: Outcome(_augmented(machine, frame, state, item)),
    ops.Delete: lambda machine, frame, state, item: Outcome(_delete(machine, frame, state, item)),
    ops.Return: _return,
    ops.Raise: _raise,
    ops.Assert: lambda machine, frame, state, item: Outcome(machine.branch(frame, state, item.test)[0]),
    ops.Break: lambda machine, frame, state, item: Outcome(broken=[state]),
    ops.Continue: lambda machine, frame, state, item: Outcome(continued=[state]),
    ops.If: _if,
    ops.While: _while,
    ops.For: _for,
    ops.Try: _try,
    ops.With: lambda machine, frame, state, item: enter_with(machine, frame, state, item, 0),
    ops.Match: _match,
    ops.FunctionDef: lambda machine, frame, state, item: Outcome([_define(machine, frame, state, item)]),
    ops.ClassDef: lambda machine, frame, state, item: Outcome([state]),
    ops.Import: lambda machine, frame, state, item: Outcome([state]),
    ops.Global: lambda machine, frame, state, item: Outcome([state]),
}
