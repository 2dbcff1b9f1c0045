"""Which values lead to what the analysis is about. Entry points: `carries`, `variables_carry`."""

from __future__ import annotations

from sessionlint.solve.state.objects import Collection, Coroutine, Generator, Instance, Object, Partial, Query, Result, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import FunctionValue, Key, Ref, Value

TRACKED = (Session, Instance, Query, Result, Generator)
"""What the analysis is about; a value that leads to none of these changes nothing."""


def _is_tracked(key: Key, found: object) -> bool:
    """Whether an object can still have a story: a synchronous session that somebody else opened and closes, or an instance of which
    nothing is known, has none in this walk."""
    if isinstance(found, Session):
        return found.is_async or key[0] not in {"object", "global"}
    return not (isinstance(found, Instance) and found.is_opaque)


def carries(state: PathState, value: Value, depth: int = 3, kinds: tuple[type, ...] = TRACKED) -> bool:
    """Whether an object of one of `kinds` can be reached from a value, or something to call with whatever it takes along."""
    found, known = state.object(value), state.value(value)
    if isinstance(found, kinds) and isinstance(known, Ref):
        return _is_tracked(known.key, found)
    if depth and isinstance(found, Collection):
        return any(carries(state, inner, depth - 1, kinds) for inner in (*(found.items or ()), *found.elements))
    if depth and isinstance(found, Object):
        return any(carries(state, inner, depth - 1, kinds) for _, inner in (*found.fields, *found.seen))
    if depth and isinstance(found, Partial | Coroutine):
        return any(carries(state, inner, depth - 1) for inner in (found.function, *found.arguments.all()))
    if not depth or not isinstance(value, FunctionValue):
        return False
    is_bound_to = value.bound is not None and isinstance(state.object(value.bound), Instance) and carries(state, value.bound, 0)
    return is_bound_to or (value.env is not None and variables_carry(state, value.env))


def variables_carry(state: PathState, env: Key) -> bool:
    """Whether an object of interest can be reached from the variables of a scope, or of one around it."""
    scope: Key | None = env
    while scope is not None:
        found = state.variables.get(scope)
        if found is None:
            return False
        if any(carries(state, value, 1) for value in found.names.values() if not isinstance(value, FunctionValue)):
            return True
        scope = found.outer
    return False
