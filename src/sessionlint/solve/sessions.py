"""What the methods of a session do to it and to its instances. Entry points: `session_method`, `close`, `commit`, `rollback`,
`run_coroutine`.

Source: https://docs.sqlalchemy.org/en/20/orm/session_state_management.html and …/session_basics.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sessionlint.knowledge.sqlalchemy.sessions import EXECUTES, QUIET, WORKING
from sessionlint.solve import instances, queries
from sessionlint.solve.events import SessionUsedAfterClose
from sessionlint.solve.exceptions import DATABASE_ERROR
from sessionlint.solve.history import Step
from sessionlint.solve.loading import instance_of, loaded_by
from sessionlint.solve.machine import Frame, Machine, Results
from sessionlint.solve.objects import Arguments, Collection, Connection, ContextManager, Coroutine, Instance, Query, Session
from sessionlint.solve.state import PathState
from sessionlint.solve.values import NONE, ClassValue, Const, FunctionValue, Key, Method, Ref, Value
from sessionlint.source import Range


def close(machine: Machine, frame: Frame, state: PathState, key: Key, at: Range, text: str) -> None:
    """The session ends: its instances are detached, nothing is expired."""
    session = state.heap.get(key)
    if not isinstance(session, Session):
        return
    step = Step("end", frame.at(at), text)
    state.heap[key] = replace(session, is_open=False, history=session.history.then(step))
    instances.mark_session(state, key, {"is_detached": True, "session": None}, step)


def commit(machine: Machine, frame: Frame, state: PathState, key: Key, at: Range, text: str) -> None:
    """A commit: pending instances become persistent, and with `expire_on_commit` all are expired."""
    session = state.heap.get(key)
    if not isinstance(session, Session):
        return
    flush(machine, state, key)
    step = Step("commit", frame.at(at), text)
    state.heap[key] = replace(session, is_used=True, is_open=True, history=session.history.then(step))
    if session.expires:
        instances.mark_session(state, key, _EXPIRED, step)


_EXPIRED: dict[str, object] = {"is_expired": True, "loaded": frozenset(), "children": ()}


def rollback(machine: Machine, frame: Frame, state: PathState, key: Key, at: Range, text: str) -> None:
    """A rollback expires every persistent instance, whatever `expire_on_commit` says; pending ones are transient again."""
    session = state.heap.get(key)
    if not isinstance(session, Session):
        return
    step = Step("rollback", frame.at(at), text)
    state.heap[key] = replace(session, history=session.history.then(step))
    for pending, found in list(state.heap.items()):
        if isinstance(found, Instance) and found.session == key and found.is_transient:
            state.heap[pending] = replace(found, session=None)
    instances.mark_session(state, key, _EXPIRED, step)


def flush(machine: Machine, state: PathState, key: Key) -> None:
    """Pending instances get their rows: what the database makes up is left to be fetched."""
    for pending, found in list(state.heap.items()):
        if isinstance(found, Instance) and found.session == key and found.is_transient:
            model = machine.program.models.get(found.model)
            made = {name for name, attribute in model.attributes.items() if attribute.is_generated} if model is not None else set()
            given = {name for name, _ in found.children}
            state.heap[pending] = replace(found, is_transient=False, missing=found.missing | (made - given))


def begin_on(machine: Machine, frame: Frame, state: PathState, key: Key, at: Range) -> None:
    """`session.begin()` was entered."""
    del machine, frame, at
    session = state.heap.get(key)
    if isinstance(session, Session):
        state.heap[key] = replace(session, is_used=True)


def run_coroutine(machine: Machine, frame: Frame, state: PathState, value: Value, at: Range) -> Results:
    """`await value`."""
    found = state.object(value)
    if not isinstance(found, Coroutine):
        return [(state, value)]
    if isinstance(found.function, Method):
        session = state.value(found.function.receiver)
        if isinstance(session, Ref) and isinstance(state.heap.get(session.key), Session):
            return perform(machine, frame, state, session.key, found.function.name, found.arguments, at)
    if isinstance(found.function, FunctionValue):
        return machine.run(frame, state, found.function, found.arguments, at)
    return [(state, machine.fresh(frame, state, at, "awaited"))]


def session_method(machine: Machine, frame: Frame, state: PathState, key: Key, name: str, arguments: Arguments, at: Range) -> Results:
    """`session.name(…)`; on an `AsyncSession` what talks to the database happens when it is awaited."""
    session = state.heap[key]
    if isinstance(session, Session) and session.is_async and name in _AWAITED:
        return [(state, state.put(frame.site(at, "coroutine"), Coroutine(Method(Ref(key), name), arguments)))]
    return perform(machine, frame, state, key, name, arguments, at)


_AWAITED = EXECUTES | {
    "commit",
    "rollback",
    "flush",
    "refresh",
    "get",
    "get_one",
    "merge",
    "delete",
    "close",
    "aclose",
    "reset",
    "run_sync",
    "connection",
    "invalidate",
}


def perform(machine: Machine, frame: Frame, state: PathState, key: Key, name: str, arguments: Arguments, at: Range) -> Results:
    """Carry out a method of a session."""
    session = state.heap[key]
    assert isinstance(session, Session)
    if name in WORKING:
        if not session.is_open and session.history.first("end") is not None and not session.is_scoped:
            machine.recorder.add(SessionUsedAfterClose(frame.at(at), frame.function, session.history, name))
        state.heap[key] = session = replace(session, is_used=True)
    if name not in QUIET:
        machine.may_raise(frame, state, at, DATABASE_ERROR)
    action = _ACTIONS.get(name)
    if name in EXECUTES:
        return queries.executed(machine, frame, state, key, name, arguments, at)
    if action is not None:
        return action(machine, frame, state, key, arguments, at)
    return [(state, machine.fresh(frame, state, at, name))]


def _close(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    close(machine, frame, state, key, at, "the session is closed")
    return [(state, NONE)]


def _commit(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    commit(machine, frame, state, key, at, "the commit expires what the session holds")
    return [(state, NONE)]


def _rollback(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    rollback(machine, frame, state, key, at, "the rollback expires what the session holds")
    return [(state, NONE)]


def _flush(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    flush(machine, state, key)
    return [(state, NONE)]


def _query(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    query = Query(queries.entities_of(machine, state, arguments.positional), Ref(key), is_legacy=True, made_at=frame.at(at))
    return [(state, state.put(frame.site(at, "query"), query))]


def _get(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    model = arguments.get(0, "entity")
    if not isinstance(model, ClassValue):
        return [(state, machine.fresh(frame, state, at, "get"))]
    options = queries.options_in(state, (arguments.get(9, "options"),))
    history = queries.queried(machine, frame, state, key, model.id, at)
    thing = instance_of(machine, model.id, key, options.options, options.is_opaque, history)
    return [(state, state.put(frame.site(at, "get"), replace(thing, is_nullable=True)))]


def _get_one(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    results = _get(machine, frame, state, key, arguments, at)
    for found, value in results:
        thing = found.object(value)
        if isinstance(thing, Instance) and isinstance(value, Ref):
            found.heap[value.key] = replace(thing, is_nullable=False)
    return results


def _instances_in(state: PathState, values: tuple[Value, ...]) -> list[tuple[Key, Instance]]:
    found: list[tuple[Key, Instance]] = []
    for raw in values:
        value, thing = state.value(raw), state.object(raw)
        if isinstance(thing, Instance) and isinstance(value, Ref):
            found.append((value.key, thing))
        elif isinstance(thing, Collection):
            found += _instances_in(state, (*(thing.items or ()), *thing.elements))
    return found


def _add(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    for target, thing in _instances_in(state, arguments.positional):
        state.heap[target] = replace(thing, session=key, is_detached=False)
        for inner, child in _instances_in(state, tuple(value for _, value in thing.children)):
            if child.is_transient and child.session is None:
                state.heap[inner] = replace(child, session=key)
    return [(state, NONE)]


def _expire(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    step = Step("expire", frame.at(at), "the instance is expired")
    if not arguments.positional:
        instances.mark_session(state, key, _EXPIRED, step, only_persistent=True)
    for target, thing in _instances_in(state, arguments.positional[:1]):
        names = _names(state, arguments.get(1, "attribute_names"))
        history = thing.history.then(step)
        if names is None:
            state.heap[target] = replace(thing, is_expired=True, loaded=frozenset(), children=(), history=history)
        else:
            children = tuple(pair for pair in thing.children if pair[0] not in names)
            missing, loaded = thing.missing | names, thing.loaded - names
            state.heap[target] = replace(thing, loaded=loaded, missing=missing, children=children, history=history)
    return [(state, NONE)]


def _names(state: PathState, value: Value | None) -> frozenset[str] | None:
    found = state.object(value)
    if not isinstance(found, Collection):
        return None
    values = (*(found.items or ()), *found.elements)
    return frozenset(value.value for value in values if isinstance(value, Const) and isinstance(value.value, str))


def _refresh(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    for target, thing in _instances_in(state, arguments.positional[:1]):
        names = _names(state, arguments.get(1, "attribute_names"))
        model = machine.program.models.get(thing.model)
        if names is not None:
            state.heap[target] = replace(thing, loaded=thing.loaded | names, missing=thing.missing - names)
        elif model is not None:
            # without names a refresh applies the loader options of the query again (2.x)
            loads = loaded_by(machine, model, (), (thing.model,))
            loaded = frozenset(loads.loaded) | (thing.loaded if not thing.is_expired else frozenset())
            eager = frozenset(name for name, _ in thing.below)
            state.heap[target] = replace(thing, is_expired=False, is_transient=False, missing=frozenset(), loaded=loaded | eager)
    return [(state, NONE)]


def _expunge(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    step = Step("end", frame.at(at), "the instance is expunged from its session")
    for target, thing in _instances_in(state, arguments.positional):
        state.heap[target] = replace(thing, is_detached=True, session=None, history=thing.history.then(step))
    return [(state, NONE)]


def _expunge_all(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    step = Step("end", frame.at(at), "all instances are expunged from the session")
    instances.mark_session(state, key, {"is_detached": True, "session": None}, step)
    return [(state, NONE)]


def _merge(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    for _, thing in _instances_in(state, arguments.positional[:1]):
        history = queries.queried(machine, frame, state, key, thing.model, at)
        merged = replace(thing, session=key, is_detached=False, is_expired=False, is_nullable=False, history=history)
        return [(state, state.put(frame.site(at, "merge"), merged))]
    return [(state, machine.fresh(frame, state, at, "merge"))]


def _begin(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    return [(state, state.put(frame.site(at, "begin"), ContextManager("transaction", Ref(key))))]


def _begin_nested(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    return [(state, state.put(frame.site(at, "savepoint"), ContextManager("null", Ref(key))))]


def _run_sync(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    if not arguments.positional:
        return [(state, NONE)]
    inner = Arguments((Ref(key), *arguments.positional[1:]), arguments.keywords)
    before, machine.in_run_sync = machine.in_run_sync, True
    try:
        return machine.call(frame, state, arguments.positional[0], inner, at)
    finally:
        machine.in_run_sync = before


def _nothing(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    return [(state, NONE)]


def _connection(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    return [(state, state.put(frame.site(at, "connection"), Connection()))]


_ACTIONS: dict[str, Callable[[Machine, Frame, PathState, Key, Arguments, Range], Results]] = {
    "close": _close,
    "aclose": _close,
    "reset": _close,
    "invalidate": _close,
    "remove": _close,
    "commit": _commit,
    "rollback": _rollback,
    "flush": _flush,
    "query": _query,
    "get": _get,
    "get_one": _get_one,
    "add": _add,
    "add_all": _add,
    "delete": _nothing,
    "expire": _expire,
    "expire_all": _expire,
    "refresh": _refresh,
    "expunge": _expunge,
    "expunge_all": _expunge_all,
    "merge": _merge,
    "begin": _begin,
    "begin_nested": _begin_nested,
    "run_sync": _run_sync,
    "connection": _connection,
}
