"""Collections that fill up while a loop runs, each path its own: what a path did not reach is not in its collection. Entry points:
`empty`, `gather`, `gathered`, `forget_emptiness`."""

from __future__ import annotations

from collections.abc import Sequence

from sessionlint.solve.limits import MAX_ELEMENTS
from sessionlint.solve.state.objects import Collection
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Const, Key, Ref, Unknown, Value


def few(values: Sequence[Value]) -> tuple[Value, ...]:
    """The values worth telling apart: what refers to something first, unknowns only where there is nothing else."""
    distinct: list[Value] = list(dict.fromkeys(values))
    known = [value for value in distinct if not isinstance(value, Unknown | Const)]
    return tuple(known[:MAX_ELEMENTS] or distinct[:MAX_ELEMENTS])


def empty(state: PathState, key: Key, kind: str) -> Ref:
    """A collection with nothing in it yet."""
    return state.put(key, Collection(kind, ()))


def gather(state: PathState, key: Key, value: Value) -> None:
    """Put a value into it."""
    found = state.heap.get(key)
    if isinstance(found, Collection):
        state.heap[key] = Collection(found.kind, None, (), few((*(found.items or ()), *found.elements, value)), is_filled=True)


def forget_emptiness(states: Sequence[PathState], key: Key) -> None:
    """Where one path put something into it and another did not, it may as well be filled on the other: how often a loop turns is not
    a thing to follow into the next loop."""
    found = [state.heap.get(key) for state in states]
    if any(isinstance(one, Collection) and one.has_any for one in found):
        for state, one in zip(states, found, strict=True):
            if isinstance(one, Collection) and not one.has_any:
                state.heap[key] = Collection(one.kind, would_hold=one.would_hold)


def gathered(state: PathState, key: Key) -> tuple[Value, ...]:
    """What was put into it on this path."""
    found = state.heap.get(key)
    return (*(found.items or ()), *found.elements) if isinstance(found, Collection) else ()
