"""Which sessions and instances a value brings along when it is kept somewhere. Entry points: `contents`, `held`."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.link.symbols import External
from sessionlint.solve.events import Held
from sessionlint.solve.state.objects import Collection, Instance, Object, Result, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Key, Ref, Value
from sessionlint.solve.walk.machine import Frame, Machine

_DEPTH = 4
_COPIES = frozenset({External("pydantic.BaseModel"), External("sqlmodel.SQLModel"), External("marshmallow.Schema")})
"""Classes that make plain copies of what they are given."""


def contents(machine: Machine, state: PathState, value: Value, depth: int = _DEPTH) -> Iterator[tuple[Key, Session | Instance]]:
    """The value itself, or what its items and fields are. An instance that never had a session is a plain object as yet."""
    known, found = state.value(value), state.object(value)
    if isinstance(found, Session | Instance) and isinstance(known, Ref):
        is_new = isinstance(found, Instance) and found.is_transient and found.session is None
        if not is_new:
            yield known.key, found
    elif depth:
        for inner in _held(machine, found):
            yield from contents(machine, state, inner, depth - 1)


def _held(machine: Machine, found: object) -> tuple[Value, ...]:
    match found:
        case Collection():
            return (*(found.items or ()), *found.elements)
        case Result():
            return (found.row,)
        case Object() if not _COPIES.intersection(machine.program.mro(found.cls)):
            return tuple(value for _, value in (*found.fields, *found.seen))
        case _:
            return ()


def held(frame: Frame, state: PathState, key: Key, thing: Instance) -> tuple[Held, ...]:
    """What is known of an instance, once for each variable of the function that it is in."""
    own = state.variables.get(frame.key)
    names = [name for name, value in own.names.items() if isinstance(value, Ref) and value.key == key] if own is not None else []
    session = state.heap.get(thing.session) if thing.session is not None else None
    is_unsaid = isinstance(session, Session) and (session.has_written or session.is_pending)
    is_stored = not (thing.is_transient or thing.is_new or thing.changed or is_unsaid)
    return tuple(Held(name, thing.model, is_stored, not thing.is_transient, thing.is_nullable) for name in sorted(names))
