"""Sessions that leave the `with` that ends them: returned, or stored on something that lives longer. Entry points: `opened`, `returned`,
`stored`, `left`."""

from __future__ import annotations

from dataclasses import dataclass, field

from sessionlint.facts import mentioned, ops
from sessionlint.link.symbols import FunctionId
from sessionlint.solve.events import SessionEscaped
from sessionlint.solve.history import Step
from sessionlint.solve.state.objects import Collection, Coroutine, Generator, Object, Partial, Session
from sessionlint.solve.state.outcome import Outcome
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import FunctionValue, Key, Method, Ref, Value
from sessionlint.solve.walk.machine import Frame, Machine
from sessionlint.source import Location, Range

_LASTING = {"global", "object", "self"}
"""First parts of the keys of what was there before a function was entered."""


@dataclass(slots=True)
class Opening:
    """One `with` that is being walked: the sessions that it hands out, and where they were seen to be carried away.

    `held` are those that can be reached through what it hands out, `tails` the calls that are the last in its block, `at` its own place.
    """

    frame: Key
    sessions: set[Key] = field(default_factory=set)
    returns: dict[Key, tuple[Location, FunctionId]] = field(default_factory=dict)
    stores: dict[tuple[Key, Key], tuple[Location, FunctionId]] = field(default_factory=dict)
    tails: frozenset[Range] = frozenset()
    held: set[Key] = field(default_factory=set)
    at: Location | None = None


def opened(machine: Machine, opening: Opening, state: PathState, value: Value) -> None:
    """The block is entered with `value`."""
    known, found = state.value(value), state.object(value)
    if isinstance(known, Ref) and isinstance(found, Session) and not found.is_scoped:
        opening.sessions.add(known.key)


def returned(machine: Machine, frame: Frame, state: PathState, value: Value, at: Range) -> None:
    """`return value` somewhere in the blocks that are open."""
    for opening in machine.openings:
        if opening.frame == frame.key:
            for key in opening.sessions & held(machine, state, value, 3):
                opening.returns.setdefault(key, (frame.at(at), frame.function))


def stored(machine: Machine, frame: Frame, state: PathState, target: Value, value: Value, at: Range) -> None:
    """`target.name = value` or `target[key] = value` in a block that is open; a generator goes on after its block."""
    known = state.value(target)
    if not isinstance(known, Ref) or frame.facts.is_generator:
        return
    if known.key[0] not in _LASTING:
        return
    for opening in machine.openings:
        if _is_inside(frame, opening):
            for key in opening.sessions & held(machine, state, value, 3):
                opening.stores.setdefault((known.key, key), (frame.at(at), frame.function))


def _is_inside(frame: Frame, opening: Opening) -> bool:
    """Whether a block is the function's own or one of its callers', and not around the `yield` of a generator that serves them."""
    above: Frame | None = frame
    while above is not None:
        if above.key == opening.frame:
            return True
        above = above.parent
    return False


def left(machine: Machine, opening: Opening, out: Outcome) -> None:
    """The block has ended: what went out of it, or was kept, and is closed now?"""
    for state, value in out.returned if opening.returns else ():
        for key in opening.returns.keys() & held(machine, state, value, 3):
            _record(machine, state, key, opening.returns[key], "returned")
    states = [*out.normal, *(state for state, _ in out.returned)] if opening.stores else []
    for state in states:
        for (target, key), place in opening.stores.items():
            if key in held(machine, state, Ref(target), 2):
                _record(machine, state, key, place, "stored")


def _record(machine: Machine, state: PathState, key: Key, place: tuple[Location, FunctionId], how: str) -> None:
    session = state.heap.get(key)
    if isinstance(session, Session) and not session.is_open:
        history = session.history.then(Step("store", place[0], f"the session is {how} here"))
        machine.recorder.add(SessionEscaped(place[0], place[1], history, how))


def held(machine: Machine, state: PathState, value: Value, depth: int) -> set[Key]:
    """The sessions that somebody has who has `value`: through objects, collections, methods and closures, not through queries or rows."""
    known, thing = state.value(value), state.object(value)
    inner: list[Value] = []
    if isinstance(known, Ref) and isinstance(thing, Session):
        return {known.key}
    if depth == 0:
        return set()
    if isinstance(thing, Object):
        inner = [each for _, each in thing.fields]
    elif isinstance(thing, Collection):
        inner = [*(thing.items or ()), *thing.elements]
    elif isinstance(thing, Partial | Generator | Coroutine):
        inner = [thing.function, *thing.arguments.all()]
    elif isinstance(known, Method):
        inner = [known.receiver]
    elif isinstance(known, FunctionValue):
        inner = _closed_over(machine, state, known)
    return {key for each in inner for key in held(machine, state, each, depth - 1)}


def _closed_over(machine: Machine, state: PathState, function: FunctionValue) -> list[Value]:
    """The variables around a function that it mentions, and its `self`."""
    bound = [function.bound] if function.bound is not None else []
    if function.env is None:
        return bound
    facts = machine.program.function(function.id)
    own = {parameter.name for parameter in facts.parameters} | {
        target.id for item in facts.body if isinstance(item, ops.Assign) for target in item.targets if isinstance(target, ops.Name)
    }
    names = {name for receiver, name in mentioned(facts.body) if not receiver} - own
    found = [state.get_variable(function.env, name) for name in sorted(names)]
    return bound + [value for value in found if value is not None]
