"""Goes both ways at a condition, with what each way tells. Entry points: `branch`, `assume_truth`."""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.facts import ops
from sessionlint.link.symbols import ClassId
from sessionlint.solve.orm import inspecting
from sessionlint.solve.orm.loading import columns_of_subclass, loads_of_subclass
from sessionlint.solve.state.objects import Collection, Instance, Nothing, Object, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import ClassValue, Const, ExternalValue, Key, Method, Ref, Unknown, Value
from sessionlint.solve.walk.machine import Frame, Machine

Ways = tuple[list[PathState], list[PathState]]
"""The states in which a condition holds, and those in which it does not."""


def branch(machine: Machine, frame: Frame, state: PathState, expr: ops.Expr) -> Ways:
    """Walk `expr` as a condition."""
    if type(expr) is ops.Not:
        positive, negative = machine.branch(frame, state, expr.value)
        return negative, positive
    if type(expr) is ops.BoolOp:
        return _bool_op(machine, frame, state, expr)
    if type(expr) is ops.Compare and len(expr.operators) == 1:
        return _compare(machine, frame, state, expr)
    if type(expr) is ops.Call and type(expr.func) is ops.Name and expr.func.id == "isinstance" and len(expr.args) == 2:
        return _isinstance(machine, frame, state, *expr.args)
    positive, negative = [], []
    for found, value in machine.evaluate(frame, state, expr):
        yes, no = assume_truth(found, value)
        positive += yes
        negative += no
    return positive, negative


def _bool_op(machine: Machine, frame: Frame, state: PathState, expr: ops.BoolOp) -> Ways:
    decided: list[PathState] = []
    pending = [state]
    for part in expr.values:
        following: list[PathState] = []
        for current in pending:
            positive, negative = machine.branch(frame, current, part)
            stops, goes = (positive, negative) if expr.operator == "or" else (negative, positive)
            decided += stops
            following += goes
        pending = following
    return (decided, pending) if expr.operator == "or" else (pending, decided)


def _compare(machine: Machine, frame: Frame, state: PathState, expr: ops.Compare) -> Ways:
    operator, right = expr.operators[0], expr.comparators[0]
    positive: list[PathState] = []
    negative: list[PathState] = []
    for found, (value, other) in machine.evaluate_all(frame, state, (expr.left, right)):
        is_in = inspecting.contains(machine, found, value, other) if operator in {"in", "not in"} else None
        if is_in is not None:
            yes, no = ([found], []) if is_in == (operator == "in") else ([], [found])
        else:
            yes, no = _compared(found, value, operator, other)
        positive += yes
        negative += no
    return positive, negative


def _compared(state: PathState, value: Value, operator: str, other: Value) -> Ways:
    if operator in {"!=", "is not", "not in"}:
        yes, no = _compared(state, value, {"!=": "==", "is not": "is", "not in": "in"}[operator], other)
        return no, yes
    if operator in {"is", "=="} and inspecting.is_no_value(other):
        known = state.value(value)
        if inspecting.is_no_value(known):
            return [state], []
        return ([], [state]) if isinstance(known, Const | Ref) else ([state], [state.copy()])
    if operator in {"is", "=="} and isinstance(other, Const):
        if other.value is None:
            return assume_none(state, value)
        known = state.value(value)
        if isinstance(known, Const):
            return ([state], []) if known.value == other.value else ([], [state])
        if isinstance(other.value, bool) and isinstance(known, Unknown):
            yes, no = assume_truth(state, known)
            return (yes, no) if other.value else (no, yes)
    return [state], [state.copy()]


def _isinstance(machine: Machine, frame: Frame, state: PathState, subject: ops.Expr, kinds: ops.Expr) -> Ways:
    positive: list[PathState] = []
    negative: list[PathState] = []
    for found, (value, kind) in machine.evaluate_all(frame, state, (subject, kinds)):
        thing = found.object(value)
        if isinstance(thing, Instance) and isinstance(kind, ClassValue):
            yes, no = _narrowed(machine, found, value, thing, kind.id)
        elif _is_never(found, found.value(value), kind):
            yes, no = [], [found]
        elif isinstance(thing, Session) and isinstance(kind, ExternalValue):
            yes, no = [found], []
        else:
            yes, no = [found], [found.copy()]
        positive += yes
        negative += no
    return positive, negative


def _is_never(state: PathState, value: Value, kind: Value) -> bool:
    """Whether a constant is of none of the classes asked for; what a class outside of the program is a base of is not known, but None."""
    if not isinstance(value, Const):
        return False
    kinds = state.object(kind)
    several = (*(kinds.items or ()), *kinds.elements) if isinstance(kinds, Collection) else (kind,)
    if value.value is None:
        return all(isinstance(one, ClassValue) or (isinstance(one, ExternalValue) and "None" not in one.name) for one in several)
    return isinstance(kind, ClassValue)


def _narrowed(machine: Machine, state: PathState, value: Value, thing: Instance, cls: ClassId) -> Ways:
    """`isinstance(person, Manager)`: on the one way the instance is of the subclass."""
    supers = machine.program.model_lineage(thing.model)
    if cls in supers:
        return [state], []
    if thing.model not in machine.program.model_lineage(cls):
        return [], [state]
    other = state.copy()
    known = state.value(value)
    if isinstance(known, Ref):
        loaded = thing.loaded | loads_of_subclass(machine, thing.model, cls)
        is_queried = thing.entity is not None and not (thing.is_transient or thing.is_new)
        missing = columns_of_subclass(machine, thing.model, cls) - thing.loaded if is_queried else frozenset()
        state.heap[known.key] = replace(thing, model=cls, loaded=loaded, missing=thing.missing | missing)
    return [state], [other]


def assume_none(state: PathState, value: Value) -> Ways:
    """The states in which `value` is None, and those in which it is not."""
    value = state.value(value)
    if type(value) is Const:
        return ([state], []) if value.value is None else ([], [state])
    if type(value) is Unknown:
        return _assume(state, value, "none")
    return _assume_nothing(state, value) if type(value) is Ref else ([], [state])


def assume_truth(state: PathState, value: Value) -> Ways:
    """The states in which `value` is true, and those in which it is false."""
    value = state.value(value)
    if type(value) is Const:
        return ([state], []) if value.value else ([], [state])
    if type(value) is Unknown:
        return _assume(state, value, "true")
    match value:
        case Ref():
            found = state.heap.get(value.key)
            if isinstance(found, Collection):
                if found.items is not None and (value.key[0] != "global" or found.kind == "tuple"):
                    return ([state], []) if found.items else ([], [state])
                if found.is_filled and value.key[0] != "global":
                    return [state], []
                return [state], [state.copy()]
            negative, positive = _assume_nothing(state, value)
            return positive, negative
        case Method(name="@unloaded"):
            return [state], [state.copy()]
        case Method(name="@expired"):
            thing = state.object(value.receiver)
            is_any = not isinstance(thing, Instance) or thing.is_expired or bool(thing.stale)
            return ([state], []) if is_any else ([], [state])
        case _:
            return [state], []


def _assume(state: PathState, value: Unknown, kind: str) -> Ways:
    """Split on an unknown, or follow what this path already knows of it (None is false)."""
    condition: Key = (kind, value.key)
    known = state.known.get(condition)
    if known is None and kind == "true" and state.known.get(("none", value.key)):
        known = False
    if known is None and kind == "none" and state.known.get(("true", value.key)):
        known = False
    if known is not None:
        return ([state], []) if known else ([], [state])
    other = state.copy()
    state.known[condition] = True
    other.known[condition] = False
    return [state], [other]


def _assume_nothing(state: PathState, value: Ref) -> Ways:
    found = state.heap.get(value.key)
    if not isinstance(found, Instance | Session | Object) or not found.is_nullable:
        return [], [state]
    nothing = state.copy()
    nothing.heap[value.key] = Nothing()
    state.heap[value.key] = replace(found, is_nullable=False)
    return [nothing], [state]
