"""Which sessions and instances a value brings along when it is kept somewhere. Entry point: `contents`."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.link.symbols import External
from sessionlint.solve.state.objects import Collection, Instance, Object, Result, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Key, Ref, Value
from sessionlint.solve.walk.machine import Machine

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
