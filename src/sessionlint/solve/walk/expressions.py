"""Evaluates expressions, path by path; targets are in `targets.py`, conditions in `conditions.py`. Entry point: `evaluate`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sessionlint.facts import ops
from sessionlint.link.symbols import FunctionId
from sessionlint.solve.calls.invocations import invoked
from sessionlint.solve.frameworks.serializing import type_form
from sessionlint.solve.limits import HARD_STEPS, MAX_ITEMS
from sessionlint.solve.meaning.names import named
from sessionlint.solve.orm import inspecting, instances
from sessionlint.solve.orm.sessions import run_coroutine
from sessionlint.solve.state.gathering import empty, few, forget_emptiness, gather
from sessionlint.solve.state.objects import Collection, Instance, LateComprehension
from sessionlint.solve.state.outcome import Outcome, Thrown
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import NONE, Const, FunctionValue, Value
from sessionlint.solve.walk import subscripts
from sessionlint.solve.walk.conditions import assume_truth
from sessionlint.solve.walk.machine import Frame, Machine, Results, Several, TooLarge
from sessionlint.solve.walk.targets import unbind
from sessionlint.source import Range


def evaluate(machine: Machine, frame: Frame, state: PathState, expr: ops.Expr) -> Results:
    """The value of `expr` on each path that its evaluation can take."""
    machine.steps += 1
    if machine.steps > HARD_STEPS:
        raise TooLarge
    return _EVALUATORS[type(expr)](machine, frame, state, expr)


def evaluate_all(machine: Machine, frame: Frame, state: PathState, exprs: Sequence[ops.Expr]) -> Several:
    """The values of several expressions, evaluated in order."""
    values: tuple[Value, ...] = ()
    for position, expr in enumerate(exprs):
        results = machine.evaluate(frame, state, expr)
        if len(results) != 1:
            several = [(after, (*values, value)) for after, value in results]
            return _evaluate_rest(machine, frame, several, exprs[position + 1 :])
        state, value = results[0]
        values = (*values, value)
    return [(state, values)]


def _evaluate_rest(machine: Machine, frame: Frame, done: Several, exprs: Sequence[ops.Expr]) -> Several:
    """What is left of several expressions, where the path has parted."""
    for expr in exprs:
        done = [(after, (*values, value)) for before, values in done for after, value in machine.evaluate(frame, before, expr)]
    return done


def _name(machine: Machine, frame: Frame, state: PathState, expr: ops.Name) -> Results:
    return [(state, named(machine, frame, state, expr))]


def _constant(machine: Machine, frame: Frame, state: PathState, expr: ops.Constant) -> Results:
    return [(state, Const(expr.value))]


def _attribute(machine: Machine, frame: Frame, state: PathState, expr: ops.Attribute) -> Results:
    results = machine.evaluate(frame, state, expr.value)
    if len(results) == 1:
        found, value = results[0]
        return machine.read(frame, found, value, expr.name, expr.at, expr.name_at)
    return [done for found, value in results for done in machine.read(frame, found, value, expr.name, expr.at, expr.name_at)]


def _other(machine: Machine, frame: Frame, state: PathState, expr: ops.Other) -> Results:
    done: Results = []
    for found, values in machine.evaluate_all(frame, state, expr.parts):
        if expr.kind == "%":
            for value in values[1:]:
                for shown in _shown(found, value):
                    instances.show(machine, frame, found, shown, expr.at, "__str__")
        if expr.kind == "+" and len(values) == 2 and all(isinstance(found.object(value), Collection) for value in values):
            done.append((found, _concatenated(machine, frame, found, values, expr.at)))
        elif expr.kind in {"|", "or"} and len(values) == 2 and values[0] == values[1]:
            done.append((found, values[0]))
        else:
            done.append((found, machine.fresh(frame, found, expr.at, "slice" if expr.kind == "slice" else "")))
    return done


def _concatenated(machine: Machine, frame: Frame, state: PathState, values: tuple[Value, ...], at: Range) -> Value:
    elements: list[Value] = []
    for value in values:
        found = state.object(value)
        if isinstance(found, Collection):
            elements += (*(found.items or ()), *found.elements)
    return state.put(frame.site(at, "list"), Collection("list", None, (), tuple(dict.fromkeys(elements))))


def _shown(state: PathState, value: Value) -> tuple[Value, ...]:
    found = state.object(value)
    if isinstance(found, Collection):
        return (*(found.items or ()), *found.elements)
    return (value,)


def _formatted(machine: Machine, frame: Frame, state: PathState, expr: ops.FormattedString) -> Results:
    done: Results = []
    for found, values in machine.evaluate_all(frame, state, expr.parts):
        for value, conversion in zip(values, expr.conversions, strict=True):
            for shown in _shown(found, value):
                whole = isinstance(found.object(value), Instance) and conversion != "!r"
                instances.show(machine, frame, found, shown, expr.at, "__str__" if whole else "__repr__")
        done.append((found, machine.fresh(frame, found, expr.at)))
    return done


def _display(machine: Machine, frame: Frame, state: PathState, expr: ops.Display) -> Results:
    plain = [item.value if isinstance(item, ops.Starred) else item for item in expr.items]
    done: Results = []
    for found, values in machine.evaluate_all(frame, state, plain):
        if any(isinstance(item, ops.Starred) for item in expr.items) or len(values) > MAX_ITEMS:
            elements: list[Value] = []
            for item, value in zip(expr.items, values, strict=True):
                elements += subscripts.elements_of(machine, frame, found, value) if isinstance(item, ops.Starred) else [value]
            collection = Collection(expr.kind, None, (), few(elements))
        else:
            collection = Collection(expr.kind, values)
        done.append((found, found.put(frame.site(expr.at, expr.kind), collection)))
    return done


def _dict(machine: Machine, frame: Frame, state: PathState, expr: ops.DictDisplay) -> Results:
    keys = [key for key in expr.keys if key is not None]
    done: Results = []
    for found, names in machine.evaluate_all(frame, state, keys):
        for after, values in machine.evaluate_all(frame, found, expr.values):
            constants = [name.value if isinstance(name, Const) else None for name in names]
            if len(names) == len(values) and all(isinstance(name, str | int) for name in constants):
                collection = Collection("dict", values, tuple(constants))
            else:
                collection = Collection("dict", None, (), few(values))
            done.append((after, after.put(frame.site(expr.at, "dict"), collection)))
    return done


def _starred(machine: Machine, frame: Frame, state: PathState, expr: ops.Starred) -> Results:
    return machine.evaluate(frame, state, expr.value)


def _subscript(machine: Machine, frame: Frame, state: PathState, expr: ops.Subscript) -> Results:
    done: Results = []
    for found, (value, index) in machine.evaluate_all(frame, state, (expr.value, expr.index)):
        done += type_form(machine, frame, found, value, expr) or subscripts.item(machine, frame, found, value, index, expr.at)
    return done


def _await(machine: Machine, frame: Frame, state: PathState, expr: ops.Await) -> Results:
    if isinstance(expr.value, ops.Call):
        machine.awaiting = True
    results = machine.evaluate(frame, state, expr.value)
    machine.awaiting = False
    return [done for found, value in results for done in run_coroutine(machine, frame, found, value, expr.at)]


def _yield(machine: Machine, frame: Frame, state: PathState, expr: ops.Yield) -> Results:
    given = machine.evaluate(frame, state, expr.value) if expr.value is not None else [(state, NONE)]
    return [done for found, value in given for done in _consumed(machine, frame, found, value, expr.at)]


def _consumed(machine: Machine, frame: Frame, state: PathState, value: Value, at: Range) -> Results:
    if frame.consumer is None:
        machine.throw(frame, state, Thrown(frame.at(at)))
        return [(state, machine.fresh(frame, state, at, "sent"))]
    out = frame.consumer(state, value)
    for found, thrown in out.raised:
        machine.throw(frame, found, thrown)
    return [(found, machine.fresh(frame, found, at, "sent")) for found in out.normal]


def _yield_from(machine: Machine, frame: Frame, state: PathState, expr: ops.YieldFrom) -> Results:
    done: Results = []

    def turn(current: PathState, value: Value) -> Outcome:
        return Outcome(normal=[found for found, _ in _consumed(machine, frame, current, value, expr.at)])

    for found, value in machine.evaluate(frame, state, expr.value):
        out = machine.iterate(frame, found, value, expr.at, turn)
        done += [(after, machine.fresh(frame, after, expr.at)) for after in out.normal]
    return done


def _lambda(machine: Machine, frame: Frame, state: PathState, expr: ops.Lambda) -> Results:
    return [(state, FunctionValue(FunctionId(frame.file, expr.function), frame.key))]


def _comprehension(machine: Machine, frame: Frame, state: PathState, expr: ops.Comprehension) -> Results:
    if expr.kind == "generator":
        return _late(machine, frame, state, expr)
    return comprehended(machine, frame, state, expr)


def _late(machine: Machine, frame: Frame, state: PathState, expr: ops.Comprehension) -> Results:
    """A generator expression evaluates what its first `for` loops over at once (PEP 289); a `Query` is still only run by the first turn."""
    key = frame.site(expr.at, "generator")
    return [
        (found, found.put(key, LateComprehension(expr, frame.key, frame.key, source)))
        for found, source in machine.evaluate(frame, state, expr.clauses[0].iter)
    ]


def comprehended(machine: Machine, frame: Frame, state: PathState, expr: ops.Comprehension) -> Results:
    """Evaluate a comprehension here and now into a collection."""
    key = frame.site(expr.at, expr.kind)
    ref = empty(state, key, "list" if expr.kind == "generator" else expr.kind)

    def element(current: PathState) -> Outcome:
        parts = (expr.element,) if expr.value is None else (expr.element, expr.value)
        out = Outcome()
        for found, values in machine.evaluate_all(frame, current, parts):
            gather(found, key, values[-1])
            out.normal.append(found)
        return out.trim()

    around = state.variables.get(frame.key)
    with machine.pinning() as pinned:
        pinned.append(ref)
        out = run_clauses(machine, frame, state, expr, 0, element)
    forget_emptiness(out.normal, key)
    unbind(expr, frame, out.normal, around)
    return [(found, ref) for found in out.normal]


def run_clauses(
    machine: Machine,
    frame: Frame,
    state: PathState,
    expr: ops.Comprehension,
    index: int,
    body: Callable[[PathState], Outcome],
    source: Value | None = None,
) -> Outcome:
    """Run the `for` and `if` clauses of a comprehension from `index` on, and `body` inside."""
    if index == len(expr.clauses):
        return body(state)
    clause = expr.clauses[index]

    def turn(current: PathState, value: Value) -> Outcome:
        out = Outcome()
        frame.loops += 1
        for bound in machine.assign(frame, current, clause.target, value):
            states, skipped = [bound], list[PathState]()
            for condition in clause.conditions:
                pairs = [machine.branch(frame, found, condition) for found in states]
                states = [found for positive, _ in pairs for found in positive]
                skipped += [found for _, negative in pairs for found in negative]
            out.normal += skipped
            for found in states:
                inner = run_clauses(machine, frame, found, expr, index + 1, body)
                out.normal += inner.normal
                out.add_exits(inner)
        frame.loops -= 1
        return out.trim()

    out = Outcome()
    given = machine.evaluate(frame, state, clause.iter) if source is None else [(state, source)]
    for found, iterable in given:
        loop = machine.iterate(frame, found, iterable, clause.iter.at, turn)
        out.normal += loop.normal + loop.broken
        out.returned += loop.returned
        for after, thrown in loop.raised:
            machine.throw(frame, after, thrown)
    return out.trim()


def _bool_op(machine: Machine, frame: Frame, state: PathState, expr: ops.BoolOp) -> Results:
    """`a or b`: the first value that decides, with what the others tell of the path."""
    done: Results = []
    pending = [state]
    for position, part in enumerate(expr.values):
        following: list[PathState] = []
        for current in pending:
            for found, value in machine.evaluate(frame, current, part):
                if position == len(expr.values) - 1:
                    done.append((found, value))
                    continue
                positive, negative = assume_truth(found, value)
                stops, goes = (positive, negative) if expr.operator == "or" else (negative, positive)
                done += [(after, after.value(value)) for after in stops]
                following += goes
        pending = following
    return done


def _compare(machine: Machine, frame: Frame, state: PathState, expr: ops.Compare) -> Results:
    decisive = {"is", "is not"} & set(expr.operators) or any(isinstance(part, ops.Constant) for part in expr.comparators)
    if len(expr.operators) == 1 and decisive:
        return _decided(machine, frame, state, expr)
    done: Results = []
    for found, values in machine.evaluate_all(frame, state, (expr.left, *expr.comparators)):
        is_in = inspecting.contains(machine, found, *values) if expr.operators[0] in {"in", "not in"} and len(values) == 2 else None
        done.append((found, Const(is_in == (expr.operators[0] == "in")) if is_in is not None else machine.fresh(frame, found, expr.at)))
    return done


def _decided(machine: Machine, frame: Frame, state: PathState, expr: ops.Expr) -> Results:
    positive, negative = machine.branch(frame, state, expr)
    return [*((found, Const(True)) for found in positive), *((found, Const(False)) for found in negative)]


def _conditional(machine: Machine, frame: Frame, state: PathState, expr: ops.Conditional) -> Results:
    positive, negative = machine.branch(frame, state, expr.test)
    done = [pair for found in positive for pair in machine.evaluate(frame, found, expr.body)]
    return done + [pair for found in negative for pair in machine.evaluate(frame, found, expr.orelse)]


def _named_expr(machine: Machine, frame: Frame, state: PathState, expr: ops.NamedExpr) -> Results:
    done = machine.evaluate(frame, state, expr.value)
    for found, value in done:
        found.set_variable(frame.key, expr.target, value)
    return done


_EVALUATORS: dict[type, Callable[[Machine, Frame, PathState, Any], Results]] = {
    ops.Name: _name,
    ops.Attribute: _attribute,
    ops.Constant: _constant,
    ops.Other: _other,
    ops.FormattedString: _formatted,
    ops.Display: _display,
    ops.DictDisplay: _dict,
    ops.Starred: _starred,
    ops.Call: invoked,
    ops.Subscript: _subscript,
    ops.Await: _await,
    ops.Yield: _yield,
    ops.YieldFrom: _yield_from,
    ops.Lambda: _lambda,
    ops.Comprehension: _comprehension,
    ops.BoolOp: _bool_op,
    ops.Not: _decided,
    ops.Compare: _compare,
    ops.Conditional: _conditional,
    ops.NamedExpr: _named_expr,
}
