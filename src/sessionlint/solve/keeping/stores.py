"""Stores that outlive a run or a request: Streamlit's `session_state`, the web framework's user session. Entry points: `stored_call`,
`write`, `take`, `put_into`."""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.knowledge.frameworks.stores import PER_VISITOR
from sessionlint.solve.events import StateRead, StateStored
from sessionlint.solve.history import EMPTY, History, Step
from sessionlint.solve.keeping.contents import contents, held
from sessionlint.solve.meaning.annotations import record_taken
from sessionlint.solve.state.objects import Arguments, Collection, Instance, Session, State, Variables
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import NONE, Const, Key, Ref, Unknown, Value
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.source import Range


def write(machine: Machine, frame: Frame, state: PathState, store: State, key: str, value: Value, at: Range) -> None:
    """`store.key = value`."""
    _kept(machine, frame, state, store, key, value, at)
    known, found = state.value(value), state.object(value)
    if isinstance(found, Session) and isinstance(known, Ref):
        state.heap[known.key] = replace(found, owner=None)
    if key:
        state.variables[_slot(store, key)] = Variables({"value": known})


def _kept(machine: Machine, frame: Frame, state: PathState, store: State, key: str, value: Value, at: Range) -> None:
    """What is put under `key` of a store, as events: one for a session, one for an instance."""
    firsts: dict[str, History] = {}
    for _, found in contents(machine, state, value):
        firsts.setdefault("session" if isinstance(found, Session) else "instance", found.history)
    known, whole = state.value(value), state.object(value)
    own = held(frame, state, known.key, whole) if isinstance(known, Ref) and isinstance(whole, Instance) else ()
    step = Step("store", frame.at(at), f"is kept in `{store.store}`" + (f" under `{key}`" if key else ""))
    for what, history in firsts.items():
        machine.recorder.add(StateStored(frame.at(at), frame.function, history.then(step), what, store.store, key, own))


def put_into(machine: Machine, frame: Frame, state: PathState, owner: Value, values: tuple[Value, ...], at: Range) -> None:
    """Something is put into `owner`, which may itself be a list or dict that a store holds."""
    telling = [value for value in values if next(contents(machine, state, value), None) is not None]
    place = _place_of(machine, state, owner) if telling else None
    if place is not None:
        for value in telling:
            _kept(machine, frame, state, *place, value, at)


def _place_of(machine: Machine, state: PathState, owner: Value) -> tuple[State, str] | None:
    """The store, and the key in it, that holds a value."""
    owner = state.value(owner)
    if isinstance(owner, Unknown):
        taken = machine.taken.get(owner.key)
        return (State(taken[0]), taken[1]) if taken is not None else None
    for env, found in state.variables.items():
        if env[:2] == _SLOTS and found.names["value"] == owner:
            return State(str(env[2])), str(env[3])
    return None


_SLOTS: Key = ("global", "store")


def _slot(store: State, key: str) -> Key:
    return (*_SLOTS, store.store, key)


def take(machine: Machine, frame: Frame, state: PathState, store: State, key: str, at: Range) -> Value:
    """`store.key`: a session if one was put there, anywhere in the program."""
    if store.store == PER_VISITOR and key in machine.program.identity_keys:
        _read_identity(machine, frame, state, store, key, at)
    kept = state.get_variable(_slot(store, key), "value") if key else None
    value: Value = kept if kept is not None and not isinstance(kept, Unknown) else machine.fresh(frame, state, at, "stored")
    found = state.object(value)
    if isinstance(found, Session):
        record_taken(machine, (store.store, key, frame.at(at), frame.function))
    elif isinstance(value, Unknown):
        machine.taken[value.key] = taken = (store.store, key, frame.at(at), frame.function)
        machine.recorder.take(taken)
    return value


def _read_identity(machine: Machine, frame: Frame, state: PathState, store: State, key: str, at: Range) -> None:
    """Who the visitor is, read by a function that has parameters: whether one of them is a session is known when it is left."""
    own = state.variables.get(frame.key)
    names = [parameter.name for parameter in frame.facts.parameters if parameter.name not in {"self", "cls"}]
    values = tuple(own.names[name] for name in names if name in own.names) if own is not None else ()
    if values and frame.function not in machine.program.entry_points:
        step = Step("read", frame.at(at), f"`{key}` is read from `{store.store}`")
        event = StateRead(frame.at(at), frame.function, EMPTY.then(step), "identity", store.store, key)
        machine.identities.append((frame.key, values, event))


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
