"""Failed flushes: a session whose flush failed does nothing more until it is rolled back. Entry points: `work`, `read`, `caught`,
`settle`.

https://docs.sqlalchemy.org/en/20/faq/sessions.html#this-session-s-transaction-has-been-rolled-back-due-to-a-previous-exception-during-flush
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from sessionlint.facts import mentioned, ops
from sessionlint.knowledge.sqlalchemy.sessions import CHANGING, EXECUTES, FLUSHING, LOADING
from sessionlint.link.symbols import FunctionId
from sessionlint.solve.events import FailedSessionUsed
from sessionlint.solve.history import EMPTY, Step
from sessionlint.solve.scopes import waiting
from sessionlint.solve.start.relevance import SETTLING
from sessionlint.solve.state.objects import Failure, Object, Session
from sessionlint.solve.state.outcome import Outcome, Thrown
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import ExternalValue, FunctionValue, Key, Method, Unknown, Value
from sessionlint.solve.walk import exceptions
from sessionlint.solve.walk.machine import Frame, Machine
from sessionlint.source import Location, Range

_USING = FLUSHING | LOADING | {"begin_nested", "connection"}
_SETTLING = ("rollback", "close", "remove", "reset", "invalidate", "abort", "recover")


def work(machine: Machine, frame: Frame, state: PathState, key: Key, name: str, at: Range, shows: bool | None = None) -> bool:
    """A session's method is about to run: whether it may flush, and fail, and whether it already has. True where it may fail now.

    `name` is `run query` where a `Query` fetches; `shows` whether instances come out of it, that may be changed then.
    """
    session = state.heap.get(key)
    if not isinstance(session, Session):
        return False
    if session.failure is not None and name in _USING and (name != "flush" or session.failure.is_dirty):
        _report(machine, session, session.failure, name, frame.at(at))
        session = replace(session, failure=None)
    autoflushes = machine.program.default_autoflush if session.autoflushes is None else session.autoflushes
    flushes = name in FLUSHING or (name in LOADING and session.is_pending and autoflushes and not machine.unflushed)
    fails = flushes and machine.tries > 0 and (session.holds or name.startswith("bulk_"))
    if fails:
        failed = state.copy()
        broken = replace(session, is_used=True, has_begun=True, is_pending=False, connected_at=None)
        failed.heap[key] = replace(broken, failure=Failure(frame.at(at)))
        machine.has_failed = True
        machine.throw(frame, failed, Thrown(frame.at(at), exceptions.FLUSH_ERROR))
    connected_at = session.connected_at or (frame.at(at) if name in waiting.TAKING else None)
    holds = session.holds or name in CHANGING or name in {"get", "get_one"} or shows is True
    is_pending = (session.is_pending and not flushes) or name in CHANGING
    if shows is False and not is_pending:
        # a probe: columns came out, and nothing was seen to wait
        holds = False
    failure = replace(session.failure, is_dirty=True) if session.failure is not None and name in CHANGING else session.failure
    has_written = session.has_written or session.is_pending or name in CHANGING or (name in EXECUTES and shows is None)
    session = replace(session, has_written=has_written, connected_at=connected_at)
    state.heap[key] = replace(session, holds=holds, is_pending=is_pending, failure=failure)
    return fails


def read(machine: Machine, frame: Frame, state: PathState, key: Key, name: str, at: Range) -> None:
    """An attribute is read of an instance that the failed flush has expired."""
    session = state.heap.get(key)
    if isinstance(session, Session) and session.failure is not None:
        _report(machine, session, session.failure, name, frame.at(at))
        state.heap[key] = replace(session, failure=None)


def changed(state: PathState, key: Key) -> None:
    """An attribute of one of a session's instances is set."""
    session = state.heap.get(key)
    if isinstance(session, Session) and not (session.is_pending and session.holds):
        state.heap[key] = replace(session, holds=True, is_pending=True)


def may_change(state: PathState) -> None:
    """Something of which nothing is known is changed: it may be an instance."""
    for key, session in state.sessions():
        if not session.holds:
            state.heap[key] = replace(session, holds=True)


def _report(machine: Machine, session: Session, failure: Failure, name: str, used: Location) -> None:
    if failure.handler is None or failure.function is None:
        return
    opened = session.history.first("session")
    history = EMPTY if opened is None else EMPTY.then(opened)
    history = history.then(Step("flush", failure.at, "the flush may fail here"))
    history = history.then(Step("use", used, "the session is used again before a rollback"))
    machine.recorder.add(FailedSessionUsed(failure.handler, failure.function, history, name))


def left(machine: Machine, frame: Frame, out: Outcome) -> None:
    """A root is left while a session that lives as long as the program waits for a rollback: whoever comes next meets it."""
    for state, _ in out.returned:
        for key, session, failure in _failed(machine, state):
            opened = session.acquired_at
            if key[0] == "global" and opened is not None and not session.is_scoped and failure.handler is not None:
                file = opened.file
                functions = (FunctionId(file, index) for index in range(len(machine.program.files[file].facts.functions)))
                if not any(_ends_sessions(machine.program.function(function).body) for function in functions if function != frame.function):
                    _report(machine, session, failure, "the next call", opened)


def _ends_sessions(body: tuple[ops.Stmt, ...]) -> bool:
    """Whether a body closes or rolls back something, on its way and not only in a handler."""
    for item in body:
        match item:
            case ops.Try(body=inner, orelse=orelse, finalbody=finalbody):
                found = _ends_sessions((*inner, *orelse, *finalbody))
            case ops.If(body=inner, orelse=orelse) | ops.While(body=inner, orelse=orelse) | ops.For(body=inner, orelse=orelse):
                found = _ends_sessions((*inner, *orelse))
            case ops.With(body=inner):
                found = _ends_sessions(inner)
            case _:
                found = any(name in SETTLING for _, name in mentioned(item))
        if found:
            return True
    return False


def caught(machine: Machine, frame: Frame, state: PathState, handler: ops.Handler) -> None:
    """A handler takes an exception: if it is there for database errors, what becomes of the session is its affair."""
    for key, session, failure in _failed(machine, state):
        if failure.handler is None:
            kept = None
            if exceptions.is_meant(machine, frame, handler):
                kept = replace(failure, handler=frame.at(handler.at), function=frame.function)
            state.heap[key] = replace(session, failure=kept)


def passed_on(machine: Machine, state: PathState) -> None:
    """A `raise`: whoever takes that exception has to deal with the session."""
    for key, session, failure in _failed(machine, state):
        if failure.handler is not None:
            state.heap[key] = replace(session, failure=replace(failure, handler=None, function=None))


def settle(machine: Machine, state: PathState, key: Key) -> None:
    """A session is rolled back or closed. Two that somebody else opened may be one and the same."""
    done = state.heap.get(key)
    if isinstance(done, Session) and done.is_pending:
        state.heap[key] = replace(done, is_pending=False)
    for other, session, _ in _failed(machine, state):
        if other == key or (_is_foreign(session) and isinstance(done, Session) and _is_foreign(done)):
            state.heap[other] = replace(session, failure=None)


def forget(machine: Machine, state: PathState) -> None:
    """Something happened of which nothing is known: it may have rolled back."""
    for key, session, _ in _failed(machine, state):
        state.heap[key] = replace(session, failure=None)


def unknown_called(machine: Machine, state: PathState, function: Value) -> None:
    """A call that cannot be followed: by its name, or by what it belongs to, it may roll back."""
    match function:
        case Method(name=name, receiver=receiver):
            if isinstance(state.object(receiver), Object):
                forget(machine, state)
        case ExternalValue(name=name):
            pass
        case Unknown(key=key) if key:
            name = str(key[-1])
        case _:
            return
    if any(word in name.rpartition(".")[2].lower() for word in _SETTLING):
        forget(machine, state)


def transaction_ends(machine: Machine, frame: Frame, state: PathState, key: Key, name: str, at: Range) -> None:
    """`savepoint.commit()`, `transaction.rollback()`: a method of what `begin()` or `begin_nested()` returned."""
    if name == "commit":
        work(machine, frame, state, key, name, at)
    else:
        settle(machine, state, key)


def concern(machine: Machine, function: FunctionValue, state: PathState) -> bool:
    """Whether a call has to be walked for what it may flush, or for what it may do to a session that waits for a rollback."""
    if machine.tries and machine.relevance.may_flush(function.id):
        return True
    return machine.relevance.may_settle(function.id) and any(True for _ in _failed(machine, state))


def _failed(machine: Machine, state: PathState) -> Iterator[tuple[Key, Session, Failure]]:
    if machine.has_failed:
        for key, session in state.sessions():
            if session.failure is not None:
                yield key, session, session.failure


def _is_foreign(session: Session) -> bool:
    return session.acquired_at is None or session.is_scoped
