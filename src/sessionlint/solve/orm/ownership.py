"""Who has to close a session: making one, handing one away. Entry points: `new_session`, `escape`."""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.solve.calls.activation import report_leak
from sessionlint.solve.history import EMPTY, Step
from sessionlint.solve.state.objects import Collection, Instance, Object, Partial, Session
from sessionlint.solve.state.reach import references
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Key, Ref, Value
from sessionlint.solve.walk.machine import Frame, Machine
from sessionlint.source import Range


def new_session(
    machine: Machine,
    frame: Frame,
    state: PathState,
    at: Range,
    *,
    is_async: bool,
    expires: bool | None,
    is_scoped: bool = False,
    autoflushes: bool | None = None,
) -> Ref:
    """A session opened here. One that was made here before, in an earlier turn of a loop, and is still open is lost."""
    key = frame.site(at, "session")
    old = state.heap.get(key)
    is_mine = isinstance(old, Session) and old.is_open and old.owner == frame.key
    if isinstance(old, Session) and is_mine and frame.loops and not _is_kept(state, key):
        report_leak(machine, frame, state, key, old, "rebound", frame.at(at))
    location = frame.at(at)
    history = EMPTY.then(Step("session", location, "the session is opened here"))
    owner = None if is_scoped else frame.key
    session = Session(is_async, location, owner, expires, is_scoped=is_scoped, history=history, autoflushes=autoflushes, holds=is_scoped)
    return state.put(key, session)


def expose(state: PathState, value: Value) -> None:
    """Somebody unknown gets an instance while its session is open, and may read and so load anything of it (a serializer does)."""
    found = state.object(value)
    if found is None:
        return
    known = state.value(value)
    if isinstance(found, Instance) and isinstance(known, Ref) and not found.is_detached and not found.context:
        state.heap[known.key] = replace(found, is_opaque=True)
    elif isinstance(found, Collection):
        for item in (*(found.items or ()), *found.elements):
            if isinstance(state.object(item), Instance):
                expose(state, item)


def _is_kept(state: PathState, key: Key) -> bool:
    """Whether a collection or an object, and not only a variable, holds a session."""
    holders = (found for found in state.heap.values() if isinstance(found, Collection | Object | Partial))
    return any(isinstance(value, Ref) and value.key == key for found in holders for value in references(found))


def escape(state: PathState, value: Value) -> None:
    """Somebody unknown has a session now, and may close it."""
    found = state.object(value)
    if found is None:
        return
    known = state.value(value)
    if isinstance(found, Session) and isinstance(known, Ref):
        state.heap[known.key] = replace(found, owner=None, holds=True, has_written=True, failure=None)
    elif isinstance(found, Object):
        for _, field in (*found.fields, *found.seen):
            inner = state.object(field)
            if isinstance(inner, Session):
                escape(state, field)
    elif isinstance(found, Collection):
        for item in (*(found.items or ()), *found.elements):
            if isinstance(state.object(item), Session):
                escape(state, item)
