"""What the methods of a session do to it and to its instances. Entry points: `session_method`, `close`, `commit`, `rollback`,
`run_coroutine`.

Source: https://docs.sqlalchemy.org/en/20/orm/session_state_management.html and …/session_basics.html
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from sessionlint.knowledge.sqlalchemy.sessions import EXECUTES, QUIET, WORKING
from sessionlint.solve.events import SessionUsedAfterClose
from sessionlint.solve.history import Step
from sessionlint.solve.keeping import tasks
from sessionlint.solve.orm import failures, instances, merging, queries
from sessionlint.solve.orm.company import bring
from sessionlint.solve.orm.loading import instance_of
from sessionlint.solve.orm.memory import expired, flushed, refreshed
from sessionlint.solve.orm.merging import instances_in
from sessionlint.solve.scopes import superfluous
from sessionlint.solve.state.objects import Arguments, Collection, Connection, ContextManager, Coroutine, Instance, Query, Session, Task
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import NONE, ClassValue, Const, FunctionValue, Key, Method, Ref, Value
from sessionlint.solve.walk.exceptions import DATABASE_ERROR
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.source import Range


def close(machine: Machine, frame: Frame, state: PathState, key: Key, at: Range, text: str) -> None:
    """The session ends: its instances are detached, nothing is expired."""
    session = state.heap.get(key)
    if not isinstance(session, Session):
        return
    step = Step("end", frame.at(at), text)
    state.heap[key] = replace(
        session, is_open=False, has_begun=False, has_written=False, connected_at=None, failure=None, history=session.history.then(step)
    )
    failures.settle(machine, state, key)
    instances.detach_all(state, key, step)


def commit(machine: Machine, frame: Frame, state: PathState, key: Key, at: Range, text: str) -> None:
    """A commit: pending instances become persistent, and with `expire_on_commit` all are expired."""
    session = state.heap.get(key)
    if not isinstance(session, Session):
        return
    flush(machine, frame, state, key, at)
    step = Step("commit", frame.at(at), text)
    state.heap[key] = replace(
        session, is_used=True, has_begun=False, has_written=False, connected_at=None, history=session.history.then(step)
    )
    if session.expires:
        instances.expire_all(machine, state, key, step)
    for inner, found in instances.of_session(state, key):
        if found.is_new:
            state.heap[inner] = replace(found, is_new=False)


def rollback(machine: Machine, frame: Frame, state: PathState, key: Key, at: Range, text: str) -> None:
    """A rollback expires every persistent instance, whatever `expire_on_commit` says; pending ones are transient again.

    Where no transaction has begun, right after a commit for instance, it does nothing.
    """
    failures.settle(machine, state, key)
    session = state.heap.get(key)
    if not isinstance(session, Session) or not session.has_begun:
        return
    step = Step("rollback", frame.at(at), text)
    state.heap[key] = replace(_at_rest(session), history=session.history.then(step))
    for inner, found in instances.of_session(state, key):
        if found.is_transient or found.is_new:
            state.heap[inner] = replace(found, session=None, is_transient=True, is_new=False)
    instances.expire_all(machine, state, key, step)


def _at_rest(session: Session) -> Session:
    """Its transaction is over, and its connection given back."""
    return replace(session, has_begun=False, has_written=False, connected_at=None)


def flush(machine: Machine, frame: Frame, state: PathState, key: Key, at: Range) -> None:
    """Pending and changed instances are written: what the database makes up of their rows is left to be fetched."""
    if machine.has_dropped:
        merging.flushed(machine, state, key)
    step = Step("expire", frame.at(at), "what the database makes up in the UPDATE is left to be fetched")
    for inner, found in instances.of_session(state, key):
        if found.is_transient or found.changed:
            state.heap[inner] = flushed(machine, found, step)


def begin_on(machine: Machine, frame: Frame, state: PathState, key: Key, at: Range) -> None:
    """`session.begin()` was entered."""
    del machine, frame, at
    session = state.heap.get(key)
    if isinstance(session, Session):
        state.heap[key] = replace(session, is_used=True, has_begun=True)


def run_coroutine(machine: Machine, frame: Frame, state: PathState, value: Value, at: Range) -> Results:
    """`await value`."""
    found = state.object(value)
    if isinstance(found, Task):
        return [(state, tasks.finish(state, value))]
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
    if isinstance(session, Session) and session.is_async and name in _AWAITED and not machine.in_run_sync:
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
    is_ending = superfluous.followed(machine, frame, state, key, name)
    session = state.heap[key]
    assert isinstance(session, Session)
    if name in WORKING:
        if name != "rollback" and _has_ended(session) and not is_ending:
            if not _was_carried_away(machine, session):
                machine.recorder.add(SessionUsedAfterClose(frame.at(at), frame.function, session.history, name))
            session = replace(session, history=session.history.then(Step("session", frame.at(at), "the session begins again here")))
        has_begun = session.has_begun or name not in {"commit", "rollback"}
        state.heap[key] = session = replace(session, is_used=True, has_begun=has_begun)
    statement = state.object(arguments.get(0, "statement")) if name in EXECUTES else None
    shows = any(entity is not None for entity in statement.entities) if isinstance(statement, Query) else None
    if not failures.work(machine, frame, state, key, name, at, shows) and name not in QUIET:
        machine.may_raise(frame, state, at, DATABASE_ERROR)
    action = _ACTIONS.get(name)
    if name in EXECUTES:
        return queries.executed(machine, frame, state, key, name, arguments, at)
    if action is not None:
        return action(machine, frame, state, key, arguments, at)
    return [(state, machine.fresh(frame, state, at, name))]


def _has_ended(session: Session) -> bool:
    """Whether a session was closed and not used since: a use begins it again, once for all that follow."""
    if session.is_open or session.is_scoped:
        return False
    return next((step.role for step in reversed(session.history.steps()) if step.role in {"session", "end"}), "") == "end"


def _was_carried_away(machine: Machine, session: Session) -> bool:
    """Whether the function that made a session was left since: it came out of its scope already closed, which is another misuse."""
    owner = session.owner
    while owner is not None and owner not in machine.live:
        frame = machine.frames.get(owner)
        if frame is None or frame.parent is None or not frame.facts.is_generator:
            return True
        owner = frame.parent.key
    return False


def _close(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    superfluous.called(machine, frame, state, key, "close", at)
    close(machine, frame, state, key, at, "the session is closed")
    return [(state, NONE)]


def _commit(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    superfluous.called(machine, frame, state, key, "commit", at)
    commit(machine, frame, state, key, at, "the commit expires what the session holds")
    return [(state, NONE)]


def _rollback(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    rollback(machine, frame, state, key, at, "the rollback expires what the session holds")
    return [(state, NONE)]


def _flush(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    flush(machine, frame, state, key, at)
    return [(state, NONE)]


def _query(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    query = Query(queries.entities_of(machine, state, arguments.positional), Ref(key), is_legacy=True, made_at=frame.at(at))
    return [(state, state.put(frame.site(at, "query"), query))]


def _get(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    model = arguments.get(0, "entity")
    if not isinstance(model, ClassValue):
        return [(state, machine.fresh(frame, state, at, "get"))]
    identity = arguments.get(1, "ident")
    if all(name in {"ident", "options"} for name, _ in arguments.keywords):
        known = queries.from_identity_map(machine, state, key, model.id, identity)
        if known is not None:
            return [(state, known)]
    options = queries.options_in(state, (arguments.get(9, "options"),))
    history = queries.queried(machine, frame, state, key, model.id, at)
    machine.recorder.ran(frame.at(at), options.options, is_opaque=options.is_opaque)
    thing = instance_of(machine, model.id, key, options.options, options.is_opaque, history)
    queries.found_again(machine, state, thing)
    thing = replace(thing, is_nullable=True, identity=identity, queried_at=frame.at(at))
    return [(state, state.put(frame.site(at, "get"), thing))]


def _get_one(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    results = _get(machine, frame, state, key, arguments, at)
    for found, value in results:
        thing = found.object(value)
        if isinstance(thing, Instance) and isinstance(value, Ref):
            found.heap[value.key] = replace(thing, is_nullable=False)
    return results


def _add(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    merging.added(machine, frame, state, key, instances_in(state, arguments.all()), "add", at)
    for target, thing in instances_in(state, arguments.positional):
        state.heap[target] = replace(thing, session=key, is_detached=False, merged=None)
        for inner, child in instances_in(state, tuple(value for _, value in thing.children)):
            if child.is_transient and child.session is None:
                state.heap[inner] = replace(child, session=key)
    return [(state, NONE)]


def _delete(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    """The cascades of a delete load what they need, and the commit detaches the instance with all that it has: nothing is known then."""
    merging.added(machine, frame, state, key, instances_in(state, arguments.all()), "delete", at)
    merging.taken(machine, frame, state, key, instances_in(state, arguments.positional[:1]), "deleted")
    for target, thing in instances_in(state, arguments.positional[:1]):
        state.heap[target] = replace(thing, is_opaque=True)
    return [(state, NONE)]


def _expire(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    step = Step("expire", frame.at(at), "the instance is expired")
    if not arguments.positional:
        instances.expire_all(machine, state, key, step)
    for target, thing in instances_in(state, arguments.positional[:1]):
        names = _names(state, arguments.get(1, "attribute_names"))
        if names is None:
            state.heap[target] = expired(machine, thing, step)
        else:
            state.heap[target] = replace(
                thing,
                loaded=thing.loaded - names,
                missing=thing.missing | names,
                stale=thing.stale | names,
                children=tuple(pair for pair in thing.children if pair[0] not in names),
                history=thing.history.then(step),
            )
    return [(state, NONE)]


def _names(state: PathState, value: Value | None) -> frozenset[str] | None:
    found = state.object(value)
    if not isinstance(found, Collection):
        return None
    values = (*(found.items or ()), *found.elements)
    return frozenset(value.value for value in values if isinstance(value, Const) and isinstance(value.value, str))


def _refresh(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    merging.taken(machine, frame, state, key, instances_in(state, arguments.positional[:1]), "refreshed")
    for target, thing in instances_in(state, arguments.positional[:1]):
        given = arguments.get(1, "attribute_names")
        names = _names(state, given)
        if names is not None:
            loaded, missing, stale = thing.loaded | names, thing.missing - names, thing.stale - names
            children = tuple(pair for pair in thing.children if pair[0] not in names)
            state.heap[target] = replace(thing, is_transient=False, loaded=loaded, missing=missing, stale=stale, children=children)
            instances.load_again(machine, state, target, names)
        elif given is not None and given != NONE:
            state.heap[target] = replace(refreshed(thing), is_opaque=True)
        else:
            state.heap[target] = refreshed(thing)
        if isinstance(again := state.heap[target], Instance):
            bring(machine, state, again)
    return [(state, NONE)]


def _expunge(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    step = Step("end", frame.at(at), "the instance is expunged from its session")
    for target, thing in instances_in(state, arguments.positional):
        state.heap[target] = replace(thing, is_detached=True, session=None, history=thing.history.then(step))
    return [(state, NONE)]


def _expunge_all(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    step = Step("end", frame.at(at), "all instances are expunged from the session")
    instances.detach_all(state, key, step)
    return [(state, NONE)]


def _merge(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    for target, thing in instances_in(state, arguments.positional[:1]):
        history = queries.queried(machine, frame, state, key, thing.model, at)
        merged = replace(
            thing,
            session=key,
            is_detached=False,
            is_expired=False,
            is_transient=False,
            is_new=False,
            is_nullable=False,
            missing=frozenset(),
            stale=frozenset(),
            merged=None,
            queried_at=frame.at(at),
            history=history,
        )
        if machine.is_dropped:
            merging.dropped(machine, frame, state, key, target, thing, at)
        return [(state, state.put(frame.site(at, "merge"), merged))]
    return [(state, machine.fresh(frame, state, at, "merge"))]


def _begin(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    return [(state, state.put(frame.site(at, "begin"), ContextManager("transaction", Ref(key))))]


def _begin_nested(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    return [(state, state.put(frame.site(at, "savepoint"), ContextManager("savepoint", Ref(key))))]


def _transaction(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    return [(state, state.put(frame.site(at, "transaction"), ContextManager("null", Ref(key))))]


def _run_sync(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    if not arguments.positional:
        return [(state, NONE)]
    inner = Arguments((Ref(key), *arguments.positional[1:]), arguments.keywords)
    before, machine.in_run_sync = machine.in_run_sync, True
    try:
        return machine.call(frame, state, arguments.positional[0], inner, at)
    finally:
        machine.in_run_sync = before


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
    "delete": _delete,
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
    "get_transaction": _transaction,
    "get_nested_transaction": _transaction,
}
