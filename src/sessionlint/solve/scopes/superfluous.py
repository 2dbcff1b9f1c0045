"""Calls that a scope makes anyway: a last `commit()` or a `close()` in its block. Entry points: `entered`, `called`, `followed`, `left`,
`settle`.

A call is superfluous if on every path that comes to it the scope does the same next, and nothing lies between.
"""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.facts import ops
from sessionlint.knowledge.sqlalchemy.sessions import WORKING
from sessionlint.solve.calls.tails import CLOSING, last_calls
from sessionlint.solve.events import SessionCallRedundant
from sessionlint.solve.history import EMPTY, Step
from sessionlint.solve.scopes.openings import Opening, held
from sessionlint.solve.state.objects import Ending, Session
from sessionlint.solve.state.outcome import Outcome
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Key, Value
from sessionlint.solve.walk.machine import Frame, Machine
from sessionlint.source import Range


def entered(machine: Machine, frame: Frame, state: PathState, opening: Opening, item: ops.With, value: Value) -> None:
    """The block of a `with` is entered with `value`."""
    place = frame.at(item.at)
    if place not in machine.tails:
        machine.tails[place] = last_calls(machine.program, frame.function, item)
    opening.tails = machine.tails[place]
    if opening.tails:
        opening.at = place
        opening.held |= held(machine, state, value, 2)


def called(machine: Machine, frame: Frame, state: PathState, key: Key, name: str, at: Range) -> None:
    """A session was committed or closed by a call in `frame`."""
    for opening in reversed(machine.openings):
        if opening.frame == frame.key and at in opening.tails and key in opening.held and opening.at is not None:
            session = state.heap[key]
            assert isinstance(session, Session)
            ending = Ending(name, frame.at(at), frame.function, frame.key, opening.at, session.ending, session.has_written)
            state.heap[key] = replace(session, ending=ending)
            return


def followed(machine: Machine, frame: Frame | None, state: PathState, key: Key, name: str) -> bool:
    """A session is used by a method; `frame` is None where a context manager of SQLAlchemy does it. True where that is the scope's end."""
    session = state.heap.get(key)
    if not isinstance(session, Session) or session.ending is None:
        return False
    ending: Ending | None = session.ending
    assert ending is not None
    is_own = frame is not None and frame.key == ending.frame
    if is_own:
        if name not in CLOSING:
            _needed(machine, ending)
            ending = None
    elif name == "commit":
        ending = _committed(machine, ending)
    elif name in CLOSING or name == "remove":
        _closed(machine, ending)
        ending = None
    elif name == "rollback":
        ending = _rolled_back(machine, frame, ending)
    elif name in WORKING - {"flush"}:
        _needed(machine, ending)
        ending = None
    state.heap[key] = replace(session, ending=ending)
    return name == "commit" and not is_own


def _committed(machine: Machine, ending: Ending) -> Ending | None:
    """The scope commits."""
    if ending.name == "commit":
        _redundant(machine, ending)
        return None
    # what was closed before it was committed is lost; the scope would keep it
    if ending.has_written:
        _needed(machine, ending)
        return None
    return replace(ending, is_committed=True)


def _rolled_back(machine: Machine, frame: Frame | None, ending: Ending) -> Ending | None:
    """The scope rolls back, after an error in what follows the call (which only says something) or because it always does so."""
    if ending.name in CLOSING:
        return ending
    if frame is not None and not frame.handling:
        _needed(machine, ending)
    return None


def _closed(machine: Machine, ending: Ending) -> None:
    """The scope closes."""
    while ending.name in CLOSING:
        _redundant(machine, ending)
        if ending.before is None:
            return
        ending = replace(ending.before, is_committed=ending.is_committed)
    if ending.is_committed:
        _redundant(machine, ending)
    else:
        _needed(machine, ending)


def left(machine: Machine, frame: Frame, item: ops.With, out: Outcome) -> None:
    """A `with` is over: what its scope did not do by now, it does not do."""
    place = frame.at(item.at)
    for state in (*out.normal, *out.broken, *out.continued, *(state for state, _ in out.returned)):
        for key, session in state.sessions():
            if session.ending is not None and session.ending.scope == place:
                _needed(machine, session.ending)
                state.heap[key] = replace(session, ending=None)


def _redundant(machine: Machine, ending: Ending) -> None:
    history = EMPTY.then(Step("session", ending.scope, "the scope is opened here"))
    event = SessionCallRedundant(ending.at, ending.function, history, ending.name)
    machine.recorder.redundant.setdefault(ending.at, event)


def _needed(machine: Machine, ending: Ending) -> None:
    following: Ending | None = ending
    while following is not None:
        machine.recorder.needed.add(following.at)
        following = following.before


def settle(machine: Machine) -> None:
    """All paths are walked: say which calls none of them needs."""
    for at, event in machine.recorder.redundant.items():
        if at not in machine.recorder.needed:
            machine.recorder.add(event)
