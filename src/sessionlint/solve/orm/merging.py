"""Instances of one session that another is given, and merges whose result is dropped. Entry points: `added`, `dropped`, `flushed`, `taken`.

Source: https://docs.sqlalchemy.org/en/20/orm/session_state_management.html#merging and …/cascades.html#save-update
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from sessionlint.facts import ops
from sessionlint.solve.events import CrossSessionUse, MergeDropped
from sessionlint.solve.history import Step
from sessionlint.solve.state.objects import Collection, Instance, Merged, Session
from sessionlint.solve.state.outcome import Thrown
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Key, Ref, Value
from sessionlint.solve.walk.machine import Frame, Machine
from sessionlint.source import Range

_ERROR = ("sqlalchemy.exc.InvalidRequestError", "sqlalchemy.exc.SQLAlchemyError", "builtins.Exception")
_DEPTH = 3


def instances_in(state: PathState, values: tuple[Value, ...]) -> list[tuple[Key, Instance]]:
    """The instances among `values`, and in the collections among them."""
    found: list[tuple[Key, Instance]] = []
    for raw in values:
        value, thing = state.value(raw), state.object(raw)
        if isinstance(thing, Instance) and isinstance(value, Ref):
            found.append((value.key, thing))
        elif isinstance(thing, Collection):
            found += instances_in(state, (*(thing.items or ()), *thing.elements))
    return found


def is_merge(expr: ops.Expr) -> bool:
    """Whether an expression, as a statement, is a call of a `merge` method."""
    call = expr.value if type(expr) is ops.Await else expr
    return type(call) is ops.Call and type(call.func) is ops.Attribute and call.func.name == "merge"


# -- two sessions -------------------------------------------------------------------------------------------------


def added(
    machine: Machine, frame: Frame, state: PathState, key: Key, given: Sequence[tuple[Key, Instance]], operation: str, at: Range
) -> None:
    """`session.add(instance)` or `delete`: what hangs on a new instance comes along."""
    for target, thing in given:
        reached = _with_cascade(machine, state, target, thing, _DEPTH) if operation == "add" else iter([(target, thing)])
        for inner, found in reached:
            if found.session is None or not _are_two(state, found.session, key):
                continue
            other = state.heap[found.session]
            assert isinstance(other, Session)
            what = "what it points to is attached" if inner != target else "it is attached"
            step = Step("store", frame.at(at), f"{what} to another session, which is still open")
            event = CrossSessionUse(frame.at(at), frame.function, found.history.then(step), operation, found.model, inner != target)
            machine.recorder.add(event)
            machine.throw(frame, state, Thrown(frame.at(at), _ERROR))
            return


def _with_cascade(machine: Machine, state: PathState, key: Key, thing: Instance, depth: int) -> Iterator[tuple[Key, Instance]]:
    """An instance, and those that its relationships have in memory."""
    yield key, thing
    model = machine.program.models.get(thing.model)
    if depth == 0 or model is None:
        return
    for name, value in thing.children:
        attribute = model.attributes.get(name)
        if attribute is not None and attribute.kind == "relationship":
            for inner, child in instances_in(state, (value,)):
                yield from _with_cascade(machine, state, inner, child, depth - 1)


def _are_two(state: PathState, one: Key, other: Key) -> bool:
    """Whether two sessions are open and certainly not the same: at least one was made on this path."""
    first, second = state.heap.get(one), state.heap.get(other)
    if one == other or not isinstance(first, Session) or not isinstance(second, Session) or not first.is_open:
        return False
    if first.is_scoped and second.is_scoped:
        return False
    return any(session.acquired_at is not None and not session.is_scoped for session in (first, second))


# -- merges that are dropped --------------------------------------------------------------------------------------


def dropped(machine: Machine, frame: Frame, state: PathState, session: Key, target: Key, thing: Instance, at: Range) -> None:
    """`session.merge(instance)` as a statement: an instance of no session stays one of none."""
    is_outside = thing.session is None and (thing.is_transient or thing.is_detached)
    if is_outside and not thing.is_opaque:
        machine.has_dropped = True
        state.heap[target] = replace(thing, merged=Merged(session, frame.at(at), frame.function))


def flushed(machine: Machine, state: PathState, session: Key) -> None:
    """The session writes what it has: a change of an instance that was merged and dropped is not among it."""
    for thing in list(state.heap.values()):
        if isinstance(thing, Instance) and thing.merged is not None and thing.merged.session == session and thing.merged.is_changed:
            record(machine, thing, thing.merged, "changed before a commit that does not write it")


def taken(machine: Machine, frame: Frame, state: PathState, session: Key, given: Sequence[tuple[Key, Instance]], use: str) -> None:
    """`session.refresh(instance)` and the like: it is not one of the session's."""
    del frame, state
    for _, thing in given:
        if thing.merged is not None and thing.merged.session == session:
            record(machine, thing, thing.merged, use)


def record(machine: Machine, thing: Instance, merged: Merged, use: str) -> None:
    """An instance is used as if it were the merged one."""
    step = Step("store", merged.at, "the merged instance is dropped here")
    machine.recorder.add(MergeDropped(merged.at, merged.function, thing.history.then(step), thing.model, use))
