"""Stores that outlive a run or a request: Streamlit's `session_state`, the web framework's user session. Entry points: `stored_call`,
`write`, `take`."""

from __future__ import annotations

from dataclasses import replace

from sessionlint.solve.events import StateStored
from sessionlint.solve.history import EMPTY, Step
from sessionlint.solve.machine import Frame, Machine, Results
from sessionlint.solve.names import record_taken
from sessionlint.solve.objects import Arguments, Collection, Instance, Session, State, Variables
from sessionlint.solve.state import PathState
from sessionlint.solve.values import NONE, Const, Key, Ref, Unknown, Value
from sessionlint.source import Range


def _what(state: PathState, value: Value) -> str:
    found = state.object(value)
    if isinstance(found, Session):
        return "session"
    if isinstance(found, Instance):
        return "instance"
    if isinstance(found, Collection):
        kinds = {_what(state, item) for item in (*(found.items or ()), *found.elements)}
        return "instance" if "instance" in kinds else ""
    return ""


def write(machine: Machine, frame: Frame, state: PathState, store: State, key: str, value: Value, at: Range) -> None:
    """`store.key = value`."""
    what = _what(state, value)
    known, found = state.value(value), state.object(value)
    if what:
        history = found.history if isinstance(found, Session | Instance) else EMPTY
        history = history.then(Step("store", frame.at(at), f"is kept in `{store.store}` under `{key}`"))
        machine.recorder.add(StateStored(frame.at(at), frame.function, history, what, store.store, key))
    if isinstance(found, Session) and isinstance(known, Ref):
        state.heap[known.key] = replace(found, owner=None)
    if key:
        remembered = known
        state.variables[_slot(store, key)] = Variables({"value": remembered})


def _slot(store: State, key: str) -> Key:
    return ("global", "store", store.store, key)


def take(machine: Machine, frame: Frame, state: PathState, store: State, key: str, at: Range) -> Value:
    """`store.key`: a session if one was put there, anywhere in the program."""
    kept = state.get_variable(_slot(store, key), "value") if key else None
    value: Value = kept if kept is not None and not isinstance(kept, Unknown) else machine.fresh(frame, state, at, "stored")
    if isinstance(value, Unknown) and (store.store, key) in machine.stored_sessions:
        value = state.put(("object", *value.key), Session(False, None, None, machine.program.default_expiry))
    found = state.object(value)
    if isinstance(found, Session):
        record_taken(machine, (store, key, frame.at(at), frame.function))
    elif isinstance(value, Unknown):
        machine.taken[value.key] = (store, key, frame.at(at), frame.function)
    return value


def text_of(value: Value | None) -> str:
    """The text of a string constant, else empty."""
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else ""


def stored_call(machine: Machine, frame: Frame, state: PathState, store: State, name: str, arguments: Arguments, at: Range) -> Results:
    """`store.get(…)`, `setdefault`, `update`, `pop`."""
    key, value = text_of(arguments.get(0, "key")), arguments.get(1, "default")
    if name == "setdefault" and value is not None:
        write(machine, frame, state, store, key, value, at)
        return [(state, take(machine, frame, state, store, key, at) if not isinstance(state.object(value), Session) else value)]
    if name == "update":
        for keyword, given in arguments.keywords:
            write(machine, frame, state, store, keyword, given, at)
        mapping = state.object(arguments.get(0, ""))
        if isinstance(mapping, Collection):
            for position, given in enumerate(mapping.items or mapping.elements):
                label = str(mapping.keys[position]) if position < len(mapping.keys) else ""
                write(machine, frame, state, store, label, given, at)
        return [(state, NONE)]
    if name == "pop":
        return [(state, machine.fresh(frame, state, at, "popped"))]
    if name == "get":
        return [(state, take(machine, frame, state, store, key, at))]
    return [(state, machine.fresh(frame, state, at, name))]
