"""Sessions that hold a connection while the program waits for something else. Entry points: `call`, `method`, `stream`."""

from __future__ import annotations

from sessionlint.knowledge.sqlalchemy.sessions import FLUSHING, LOADING
from sessionlint.knowledge.waits import CLIENTS, LOCAL, SLEEP, SLOW, STREAMS
from sessionlint.solve.events import SessionHeld
from sessionlint.solve.history import EMPTY, Step
from sessionlint.solve.scopes.openings import held
from sessionlint.solve.state.objects import Arguments, Generator, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Const, FunctionValue
from sessionlint.solve.walk.machine import Frame, Machine
from sessionlint.source import Range

TAKING = LOADING | FLUSHING | {"begin_nested", "connection"}
"""Methods for which a session takes a connection, which it keeps until the transaction ends."""


def concern(machine: Machine, function: FunctionValue, state: PathState) -> bool:
    """Whether a call has to be walked for what it may wait for."""
    return machine.relevance.may_wait(function.id) and any(True for _ in _connected(state))


def call(machine: Machine, frame: Frame, state: PathState, name: str, arguments: Arguments, at: Range) -> None:
    """A function of a library is called."""
    if name in STREAMS:
        stream(machine, frame, state, arguments, at)
    kind = SLOW.get(name)
    first = arguments.positional[0] if arguments.positional else None
    if kind is not None and not (kind == SLEEP and isinstance(first, Const) and first.value == 0):
        _report(machine, frame, state, kind, at)


def is_client(name: str) -> bool:
    """Whether something makes an object whose methods wait."""
    return name in CLIENTS


def method(machine: Machine, frame: Frame, state: PathState, maker: str, name: str, at: Range) -> None:
    """A method of a library's object is called; `name` may be a chain."""
    kind, methods = CLIENTS.get(maker, ("", frozenset[str]()))
    last = name.rpartition(".")[2]
    if last in methods or ("*" in methods and last not in LOCAL):
        _report(machine, frame, state, kind, at)


def stream(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> None:
    """A response takes a generator: a session that it uses, and no block of this function closes, is held until the client has read all."""
    if not arguments.positional or not isinstance(state.object(arguments.positional[0]), Generator):
        return
    mine = {key for opening in machine.openings if opening.frame == frame.key for key in opening.sessions}
    for key in sorted(held(machine, state, arguments.positional[0], 3) - mine, key=repr):
        session = state.heap.get(key)
        if isinstance(session, Session) and session.is_open:
            _record(machine, frame, session, "a stream to the client", at)


def _report(machine: Machine, frame: Frame, state: PathState, kind: str, at: Range) -> None:
    for session in _connected(state):
        _record(machine, frame, session, kind, at)


def _connected(state: PathState) -> list[Session]:
    return [session for _, session in state.sessions() if session.connected_at is not None and session.is_open]


def _record(machine: Machine, frame: Frame, session: Session, kind: str, at: Range) -> None:
    opened = session.history.first("session")
    history = EMPTY if opened is None else EMPTY.then(opened)
    if session.connected_at is not None:
        history = history.then(Step("use", session.connected_at, "the session takes its connection here"))
    for step in frame.calls:
        history = history.then(step)
    machine.recorder.add(SessionHeld(frame.at(at), frame.function, history, kind))
