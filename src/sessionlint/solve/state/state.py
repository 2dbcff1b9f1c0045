"""One path's state: variables, heap and what is known of conditions; and how many of them are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import msgspec

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
from sessionlint.source import Location

Tag: TypeAlias = tuple[str, Value | None]
"""Why the body of a `with` was left while its context manager still runs: `normal`, `return`, `break`, `continue`."""


_new, _set, _delete, _update = dict.__new__, dict.__setitem__, dict.__delitem__, dict.update
"""A path is copied, and something in it changed, at every other step: `super()` would be looked up each time."""


class Heap(dict[Key, HeapObject]):
    """The objects of a path, which knows at any time by what number it differs from others."""

    __slots__ = ("sessions", "signature", "turned")

    def __init__(self) -> None:
        self.signature = 0
        self.sessions: tuple[Key, ...] = ()
        """The keys of the sessions among the objects, in their order."""
        self.turned: frozenset[Key] = frozenset()
        """The keys of what unknowns turned out to be."""

    def copy(self) -> Heap:
        """Another heap with the same objects."""
        copied: Heap = _new(Heap)
        _update(copied, self)
        copied.signature, copied.sessions, copied.turned = self.signature, self.sessions, self.turned
        return copied

    def __setitem__(self, key: Key, thing: HeapObject) -> None:
        old = self.get(key)
        if old is None:
            self.signature ^= share_of(key, thing)
            _set(self, key, thing)
            if type(thing) is Session:
                self.sessions = (*self.sessions, key)
            if key[0] == "object":
                self.turned |= {key}
        elif old is not thing:
            self.signature ^= share_of(key, old) ^ share_of(key, thing)
            _set(self, key, thing)
            if (type(thing) is Session) is not (type(old) is Session):
                self.sessions = tuple(other for other, found in self.items() if type(found) is Session)

    def __delitem__(self, key: Key) -> None:
        old = self[key]
        self.signature ^= share_of(key, old)
        _delete(self, key)
        if type(old) is Session:
            self.sessions = tuple(other for other in self.sessions if other != key)
        if key[0] == "object":
            self.turned -= {key}


class Scopes(dict[Key, Variables]):
    """The variables of the activations of a path, likewise."""

    __slots__ = ("signature",)

    def __init__(self) -> None:
        self.signature = 0

    def copy(self) -> Scopes:
        """Other variables that are the same."""
        copied: Scopes = _new(Scopes)
        _update(copied, self)
        copied.signature = self.signature
        return copied

    def __setitem__(self, env: Key, variables: Variables) -> None:
        old = self.get(env)
        if old is not None:
            self.signature ^= _share(env, old)
        self.signature ^= _share(env, variables)
        _set(self, env, variables)

    def __delitem__(self, env: Key) -> None:
        self.signature ^= _share(env, self[env])
        _delete(self, env)


class PathState(msgspec.Struct):
    """The state of one path. Mutable, owned by whoever walks the path; `copy()` before going two ways."""

    heap: Heap = msgspec.field(default_factory=Heap)
    variables: Scopes = msgspec.field(default_factory=Scopes)
    known: dict[Key, bool] = msgspec.field(default_factory=dict)
    tags: tuple[Tag, ...] = ()

    def copy(self) -> PathState:
        """An independent state; the objects in it are immutable and shared."""
        return PathState(self.heap.copy(), self.variables.copy(), self.known.copy(), self.tags)

    def value(self, value: Value) -> Value:
        """`value`, or None's constant where it is a reference that turned out to be None; unknowns that became objects are those."""
        if type(value) is Unknown:
            seen: Key = ("object", *value.key)
            return Ref(seen) if seen in self.heap else value
        if type(value) is Ref and type(self.heap.get(value.key)) is Nothing:
            return NONE
        return value

    def object(self, value: Value | None) -> HeapObject | None:
        """The heap object behind a value."""
        if type(value) is Ref:
            found = self.heap.get(value.key)
            return None if type(found) is Nothing else found
        return self.heap.get(("object", *value.key)) if type(value) is Unknown else None

    def sessions(self) -> list[tuple[Key, Session]]:
        """The sessions on the heap, in its order."""
        return [(key, found) for key in self.heap.sessions if type(found := self.heap[key]) is Session]

    def has_owned_session(self) -> bool:
        """Whether a session is open that a function on the stack has to close."""
        return bool(self.heap.sessions) and any(session.is_open and session.owner is not None for _, session in self.sessions())

    def lasting(self) -> list[Key]:
        """The variables of the program as a whole, where there are any: those of most global values have none."""
        return [env for env, scope in self.variables.items() if env[0] == "global" and (scope.names or scope.outer)]

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
        thing = self.heap.get(value.key) if type(value) is Ref else None
        quiet = found.quiet
        if type(value) is Ref and thing is not None and not share_of(value.key, thing):
            quiet = {**quiet, name: thing.made_at if type(thing) is Query else None}
        elif name in quiet:
            quiet = {other: made_at for other, made_at in quiet.items() if other != name}
        after = Variables({**found.names, name: value}, found.outer, quiet)
        share = _share(env, found) ^ _told(env, name, value, quiet)
        if name in found.names:
            share ^= _told(env, name, found.names[name], found.quiet)
        _shares[id(after)] = (after, env, share)
        self.variables[env] = after

    def forget(self, key: Key) -> None:
        """Drop what was known of an unknown that is made anew."""
        if self.known:
            self.known.pop(("true", key), None)
            self.known.pop(("none", key), None)
        seen: Key = ("object", *key)
        if seen in self.heap:
            del self.heap[seen]

    def signature(self) -> int:
        """Equal for two states between which nothing that matters differs (unknowns and what is known of them do not)."""
        return self.heap.signature ^ self.variables.signature ^ (hash(self.tags) if self.tags else 0)


def forget_digests() -> None:
    """Drop what was remembered about objects; called between roots."""
    _pairs.clear()
    _shares.clear()
    digested.links.clear()
    digested.told.clear()


class Digested:
    """What was found out about objects and variables, by their identity (with the object itself, so that the identity stays taken)."""

    def __init__(self) -> None:
        self.links: dict[int, tuple[HeapObject | Variables, Any]] = {}
        self.told: dict[int, tuple[Variables, int]] = {}


digested = Digested()

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
            share ^= _told(env, name, value, variables.quiet)
        _shares[id(variables)] = known = (variables, env, share)
    return known[2]


def _told(env: Key, name: str, value: Value, quiet: Mapping[str, Location | None]) -> int:
    """The share of one variable in that of its activation."""
    told = quiet[name] if name in quiet else value if _is_telling(value) else None
    return 0 if told is None else hash((env, name, told))


def _computed(found: HeapObject) -> int:
    digest = _DIGESTS.get(type(found))
    # what never changes is told apart by the variables that refer to it
    return 0 if digest is None else digest(found)


def _of_instance(found: Instance) -> int:
    if found.is_opaque and not found.children:
        return 0
    children = tuple([(name, value) for name, value in found.children if _is_telling(value)])
    flags = (found.is_expired, found.is_detached, found.is_nullable, found.is_transient, found.is_new)
    memory = (found.loaded, found.missing, found.stale, bool(found.changed), found.merged)
    return hash((found.model, found.session, flags, memory, children, found.queried_at)) or 1


def _of_object(found: Object) -> int:
    fields = tuple([(name, value) for name, value in found.fields if _is_telling(value)])
    return hash((found.cls, found.is_nullable, fields)) or 1 if fields else 0


def _of_collection(found: Collection) -> int:
    telling = tuple([value for value in (*(found.items or ()), *found.elements) if _is_telling(value)])
    return hash((found.kind, found.items is not None, telling)) or 1 if telling else 0


def _of_session(found: Session) -> int:
    has_ended = found.history.first("end") is not None
    handler = None if found.failure is None else (found.failure.handler, found.failure.is_dirty)
    flags = (found.is_open, found.is_used, found.has_begun, found.is_nullable, has_ended)
    return hash((found.owner, found.expires, flags, handler, found.has_written, found.ending, found.connected_at is None)) or 1


_DIGESTS: dict[type, Callable[[Any], int]] = {
    Instance: _of_instance,
    Object: _of_object,
    Collection: _of_collection,
    Session: _of_session,
    Nothing: lambda found: 1,
    Task: lambda found: hash(found.is_pending) or 2,
    ContextManager: lambda found: (hash(found.entered) or 1) if found.kind == "stack" else 0,
}


def _is_telling(value: Value) -> bool:
    if type(value) is Const:
        return value.value is None or value.value is True or value.value is False
    return type(value) not in _SILENT


_SILENT = frozenset({Unknown, MappedName, ExternalValue, ModuleValue, ClassValue})


def kept(states: Iterable[PathState], limit: int = MAX_STATES) -> list[PathState]:
    """The states worth following: one of each signature, in order, at most `limit`."""
    states = list(states)
    if len(states) < 2:
        return states
    found: dict[int, PathState] = {}
    for state in states:
        signature = state.heap.signature ^ state.variables.signature ^ (hash(state.tags) if state.tags else 0)
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
        if type(thing) is not Collection or thing is (mine := state.heap.get(key)):
            continue
        if type(mine) is Collection and thing != mine:
            elements = dict.fromkeys((*(mine.items or ()), *mine.elements, *(thing.items or ()), *thing.elements))
            is_filled = mine.has_any and thing.has_any
            state.heap[key] = Collection(mine.kind, None, (), tuple(elements)[:MAX_ELEMENTS], is_filled=is_filled)
