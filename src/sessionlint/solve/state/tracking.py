"""Which values lead to what the analysis is about. Entry points: `carries`, `variables_carry`."""

from __future__ import annotations

from collections.abc import Iterable

from sessionlint.solve.state.objects import Collection, Coroutine, Generator, Instance, Object, Partial, Query, Result, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import (
    ClassValue,
    Const,
    ExternalValue,
    FunctionValue,
    Key,
    MappedName,
    ModuleValue,
    Ref,
    Unknown,
    Value,
)

TRACKED = (Session, Instance, Query, Result, Generator)
"""What the analysis is about; a value that leads to none of these changes nothing."""


def _is_tracked(key: Key, found: object) -> bool:
    """Whether an object can still have a story: a synchronous session that somebody else opened and closes, or an instance of which
    nothing is known, has none in this walk."""
    if type(found) is Session:
        return found.is_async or key[0] not in {"object", "global"}
    return not (type(found) is Instance and found.is_opaque)


def carries(state: PathState, value: Value, depth: int = 3, kinds: tuple[type, ...] = TRACKED) -> bool:
    """Whether an object of one of `kinds` can be reached from a value, or something to call with whatever it takes along."""
    if type(value) in _LEADING:
        return _leads(state, value, depth, kinds)
    if not depth or type(value) is not FunctionValue:
        return False
    is_bound_to = value.bound is not None and isinstance(state.object(value.bound), Instance) and carries(state, value.bound, 0)
    return is_bound_to or (value.env is not None and variables_carry(state, value.env))


_LEADING = frozenset({Ref, Unknown})


def _leads(state: PathState, value: Value, depth: int, kinds: tuple[type, ...]) -> bool:
    """Whether an object of one of `kinds` is behind a reference, or in what is behind it."""
    found, known = state.object(value), state.value(value)
    kind = type(found)
    if kind in kinds and type(known) is Ref:
        return _is_tracked(known.key, found)
    if not depth or found is None:
        return False
    if type(found) is Collection:
        return _any_carries(state, (*(found.items or ()), *found.elements), depth - 1, kinds)
    if type(found) is Object:
        return _any_carries(state, [inner for _, inner in (*found.fields, *found.seen)], depth - 1, kinds)
    if type(found) is Partial or type(found) is Coroutine:
        return any(carries(state, inner, depth - 1) for inner in (found.function, *found.arguments.all()))
    return False


def _any_carries(state: PathState, values: Iterable[Value], depth: int, kinds: tuple[type, ...]) -> bool:
    for value in values:
        if type(value) in _NOTHING:
            continue
        if carries(state, value, depth, kinds):
            return True
    return False


_NOTHING = frozenset({Const, ExternalValue, ClassValue, ModuleValue, MappedName})


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
