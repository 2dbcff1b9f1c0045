"""One path's state: variables, heap and what is known of conditions; and how many of them are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from sessionlint.solve.limits import MAX_ELEMENTS, MAX_STATES
from sessionlint.solve.state.objects import (
    Collection,
    ContextManager,
    HeapObject,
    Instance,
    Nothing,
    Object,
    Query,
    Session,
    Task,
    Variables,
)
from sessionlint.solve.state.values import NONE, ClassValue, Const, ExternalValue, Key, MappedName, ModuleValue, Ref, Unknown, Value

Tag: TypeAlias = tuple[str, Value | None]
"""Why the body of a `with` was left while its context manager still runs: `normal`, `return`, `break`, `continue`."""


class Heap(dict[Key, HeapObject]):
    """The objects of a path, which knows at any time by what number it differs from others."""

    __slots__ = ("signature",)

    def __init__(self, objects: Mapping[Key, HeapObject] | None = None, signature: int = 0) -> None:
        super().__init__(objects or {})
        self.signature = signature

    def __setitem__(self, key: Key, thing: HeapObject) -> None:
        old = self.get(key)
        if old is not None:
            self.signature ^= share_of(key, old)
        self.signature ^= share_of(key, thing)
        super().__setitem__(key, thing)

    def __delitem__(self, key: Key) -> None:
        self.signature ^= share_of(key, self[key])
        super().__delitem__(key)


class Scopes(dict[Key, Variables]):
    """The variables of the activations of a path, likewise."""

    __slots__ = ("signature",)

    def __init__(self, scopes: Mapping[Key, Variables] | None = None, signature: int = 0) -> None:
        super().__init__(scopes or {})
        self.signature = signature

    def __setitem__(self, env: Key, variables: Variables) -> None:
        old = self.get(env)
        if old is not None:
            self.signature ^= _share(env, old)
        self.signature ^= _share(env, variables)
        super().__setitem__(env, variables)

    def __delitem__(self, env: Key) -> None:
        self.signature ^= _share(env, self[env])
        super().__delitem__(env)


@dataclass(slots=True)
class PathState:
    """The state of one path. Mutable, owned by whoever walks the path; `copy()` before going two ways."""

    heap: Heap = field(default_factory=Heap)
    variables: Scopes = field(default_factory=Scopes)
    known: dict[Key, bool] = field(default_factory=dict)
    tags: tuple[Tag, ...] = ()

    def copy(self) -> PathState:
        """An independent state; the objects in it are immutable and shared."""
        heap, variables = Heap(self.heap, self.heap.signature), Scopes(self.variables, self.variables.signature)
        return PathState(heap, variables, dict(self.known), self.tags)

    def value(self, value: Value) -> Value:
        """`value`, or None's constant where it is a reference that turned out to be None; unknowns that became objects are those."""
        if isinstance(value, Unknown):
            seen = ("object", *value.key)
            return Ref(seen) if seen in self.heap else value
        if isinstance(value, Ref) and isinstance(self.heap.get(value.key), Nothing):
            return NONE
        return value

    def object(self, value: Value | None) -> HeapObject | None:
        """The heap object behind a value."""
        if value is None:
            return None
        value = self.value(value)
        return self.heap.get(value.key) if isinstance(value, Ref) else None

    def put(self, key: Key, found: HeapObject) -> Ref:
        """Store an object and refer to it."""
        self.heap[key] = found
        return Ref(key)

    def get_variable(self, env: Key, name: str) -> Value | None:
        """A variable of `env` or of the functions around it."""
        scope: Key | None = env
        while scope is not None:
            found = self.variables.get(scope)
            if found is None:
                return None
            if name in found.names:
                return found.names[name]
            scope = found.outer
        return None

    def set_variable(self, env: Key, name: str, value: Value) -> None:
        """Bind a name in `env`."""
        found = self.variables.get(env) or Variables()
        thing = self.heap.get(value.key) if isinstance(value, Ref) else None
        is_quiet = thing is not None and not share_of(value.key, thing) if isinstance(value, Ref) else False
        quiet = {other: made_at for other, made_at in found.quiet.items() if other != name}
        if is_quiet:
            quiet[name] = thing.made_at if isinstance(thing, Query) else None
        self.variables[env] = Variables({**found.names, name: value}, found.outer, quiet)

    def forget(self, key: Key) -> None:
        """Drop what was known of an unknown that is made anew."""
        for kind in ("true", "none"):
            self.known.pop((kind, *key), None)
        seen: Key = ("object", *key)
        if seen in self.heap:
            del self.heap[seen]

    def signature(self) -> int:
        """Equal for two states between which nothing that matters differs (unknowns and what is known of them do not)."""
        return self.heap.signature ^ self.variables.signature ^ hash(self.tags)


def forget_digests() -> None:
    """Drop what was remembered about objects; called between roots."""
    _pairs.clear()
    _shares.clear()


_pairs: dict[int, tuple[HeapObject, Key, int]] = {}
"""By identity (with the object itself, so that the identity stays taken): the share of an object under a key in a signature."""

_shares: dict[int, tuple[Variables, Key, int]] = {}
"""By identity: the share of an activation's variables."""


def share_of(key: Key, thing: HeapObject) -> int:
    """The share of an object under its key in a state's signature; 0 for what tells no state from another."""
    known = _pairs.get(id(thing))
    if known is None or known[1] is not key:
        digest = _computed(thing)
        _pairs[id(thing)] = known = (thing, key, hash((key, digest)) if digest else 0)
    return known[2]


def _share(env: Key, variables: Variables) -> int:
    known = _shares.get(id(variables))
    if known is None or known[1] is not env:
        share = 0
        for name, value in variables.names.items():
            told = variables.quiet.get(name) if name in variables.quiet else value if _is_telling(value) else None
            if told is not None:
                share ^= hash((env, name, told))
        _shares[id(variables)] = known = (variables, env, share)
    return known[2]


def _computed(found: HeapObject) -> int:
    match found:
        case Instance() if found.is_opaque and not found.children:
            return 0
        case Instance():
            children = tuple((name, value) for name, value in found.children if _is_telling(value))
            flags = (found.is_expired, found.is_detached, found.is_nullable, found.is_transient, found.is_new)
            memory = (found.loaded, found.missing, found.stale, bool(found.changed), found.merged)
            return hash((found.model, found.session, flags, memory, children, found.queried_at)) or 1
        case Object():
            fields = tuple((name, value) for name, value in found.fields if _is_telling(value))
            return hash((found.cls, found.is_nullable, fields)) or 1 if fields else 0
        case Collection():
            items = found.items or ()
            telling = (*(value for value in items if _is_telling(value)), *(value for value in found.elements if _is_telling(value)))
            return hash((found.kind, found.items is not None, telling)) or 1 if telling else 0
        case Session():
            has_ended = found.history.first("end") is not None
            handler = None if found.failure is None else (found.failure.handler, found.failure.is_dirty)
            flags = (found.is_open, found.is_used, found.has_begun, found.is_nullable, has_ended)
            return hash((found.owner, found.expires, flags, handler, found.has_written, found.ending, found.connected_at is None)) or 1
        case Nothing():
            return 1
        case Task():
            return hash(found.is_pending) or 2
        case ContextManager(kind="stack"):
            return hash(found.entered) or 1
        case _:
            # what never changes is told apart by the variables that refer to it
            return 0


def _is_telling(value: Value) -> bool:
    if isinstance(value, Const):
        return value.value is None or isinstance(value.value, bool)
    return not isinstance(value, Unknown | MappedName | ExternalValue | ModuleValue | ClassValue)


def kept(states: Iterable[PathState], limit: int = MAX_STATES) -> list[PathState]:
    """The states worth following: one of each signature, in order, at most `limit`."""
    states = list(states)
    if len(states) < 2:
        return states
    found: dict[int, PathState] = {}
    for state in states:
        signature = state.signature()
        first = found.get(signature)
        if first is None:
            if len(found) < limit:
                found[signature] = state
        else:
            if first.known != state.known:
                first.known = {key: value for key, value in first.known.items() if state.known.get(key) is value}
            _generalize(first, state)
    return list(found.values())


def _generalize(state: PathState, other: PathState) -> None:
    """Two states become one: a collection that differs between them holds what either holds, and no longer so many."""
    for key, thing in other.heap.items():
        mine = state.heap.get(key)
        if type(thing) is Collection and type(mine) is Collection and thing is not mine and thing != mine:
            elements = dict.fromkeys((*(mine.items or ()), *mine.elements, *(thing.items or ()), *thing.elements))
            is_filled = mine.has_any and thing.has_any
            state.heap[key] = Collection(mine.kind, None, (), tuple(elements)[:MAX_ELEMENTS], is_filled=is_filled)
