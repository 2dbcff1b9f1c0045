"""Collects events while paths are walked: one of a kind for a place, the one with the shortest history.

`redundant` are calls that some path could do without, `needed` those that some path needs; `taken` is what comes out of a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias, TypeVar

from sessionlint.link.symbols import FunctionId
from sessionlint.solve.events import (
    AttributeRead,
    Event,
    Events,
    Given,
    Held,
    Origin,
    SerializedRead,
    SessionCallRedundant,
    SessionHandedOver,
    StateRead,
    StateStored,
)
from sessionlint.solve.state.values import Option
from sessionlint.source import Location

K = TypeVar("K")
V = TypeVar("V")

Taken: TypeAlias = tuple[str, str, Location, FunctionId]
"""A store, the key under which something is taken out of it, where and in which function."""


class Recorder:
    """Events so far, and the functions whose analysis met a limit."""

    def __init__(self) -> None:
        self._events: dict[object, Event] = {}
        self._origins: dict[object, set[Origin]] = {}
        self._held: dict[object, set[Held]] = {}
        self.given: dict[Location, set[Given]] = {}
        self.methods: dict[Location, set[str]] = {}
        self.truncated: set[FunctionId] = set()
        self.failed: dict[FunctionId, str] = {}
        self.redundant: dict[Location, SessionCallRedundant] = {}
        self.needed: set[Location] = set()
        self.taken: list[Taken] = []
        self.is_silent = False

    def add(self, event: Event) -> None:
        """Remember an event, unless one of its kind is known for the place with a history as short."""
        if self.is_silent:
            return
        key = _key(event)
        read = event.read if isinstance(event, SerializedRead) else event
        if isinstance(read, AttributeRead) and read.origins:
            self._origins.setdefault(key, set()).update(read.origins)
        if isinstance(event, StateStored | SessionHandedOver):
            self._held.setdefault(key, set()).update(event.held)
        known = self._events.get(key)
        if known is None or len(event.history.steps()) < len(known.history.steps()):
            self._events[key] = event

    def seen(self) -> Iterator[tuple[Event, set[Origin], set[Held]]]:
        """The events, each with all its queries and all that is held there, in the order in which they were told."""
        for key, event in self._events.items():
            yield event, self._origins.get(key, set()), self._held.get(key, set())

    def see(self, event: Event, origins: set[Origin], held: set[Held]) -> None:
        """An event as `seen` gave it."""
        key = _key(event)
        self._events[key] = event
        if origins:
            self._origins[key] = origins
        if held:
            self._held[key] = held

    def merge(self, other: Recorder) -> None:
        """What another walk told, as if it had been told here."""
        for key, event in other._events.items():
            known = self._events.get(key)
            if known is None or len(event.history.steps()) < len(known.history.steps()):
                self._events[key] = event
        _united(self._origins, other._origins)
        _united(self._held, other._held)
        _united(self.given, other.given)
        _united(self.methods, other.methods)
        self.truncated |= other.truncated
        self.failed.update(other.failed)
        for at, superfluous in other.redundant.items():
            self.redundant.setdefault(at, superfluous)
        self.needed |= other.needed
        self.taken += other.taken

    def take(self, taken: Taken) -> None:
        """Something is taken out of a store, of which it is not known yet what it is."""
        if not self.is_silent:
            self.taken.append(taken)

    def ran(self, query: Location, options: Iterable[Option], *, is_opaque: bool) -> None:
        """A query that is made there is run with these loader options."""
        given = {found for option in options for found in _given((), option)}
        self.given.setdefault(query, set()).update(given | {UNREADABLE} if is_opaque else given)

    def called(self, query: Location, method: str) -> None:
        """A method is called on a query that is made there."""
        self.methods.setdefault(query, set()).add(method)

    def truncate(self, function: FunctionId) -> None:
        """The analysis of `function` met a limit."""
        self.truncated.add(function)

    def fail(self, function: FunctionId, error: Exception) -> None:
        """The analysis of `function` ended by a mistake of its own; the others go on."""
        said = str(error).splitlines()
        self.failed[function] = type(error).__name__ + (f": {said[0]}" if said else "")

    def events(self) -> Events:
        """Everything found, sorted by place."""
        events = [
            _with_held(_with_origins(event, self._told(self._origins.get(key, set()))), self._held.get(key, set()))
            for key, event in self._events.items()
        ]
        found = sorted(events, key=lambda event: (event.at, type(event).__name__, repr(event)))
        return Events(tuple(found), tuple(sorted(self.truncated)), tuple(sorted(self.failed.items())))

    def _told(self, origins: set[Origin]) -> tuple[Origin, ...]:
        found = []
        for origin in origins:
            given, methods = self.given.get(origin.query, ()), self.methods.get(origin.query, ())
            found.append(replace(origin, given=tuple(sorted(given)), methods=tuple(sorted(methods))))
        return tuple(sorted(found))


UNREADABLE = Given((), "")


def _key(event: Event) -> object:
    """What an event has in common with others of which only one is kept."""
    key: tuple[object, ...] = (type(event), event.at)
    if isinstance(event, AttributeRead):
        key = (*key, event.path, event.status, event.cause, event.context)
    elif isinstance(event, SerializedRead):
        key = (*key, event.read.path, event.is_behind)
    elif isinstance(event, StateRead | StateStored):
        key = (*key, event.what, event.key)
    return key


def _united(sets: dict[K, set[V]], others: dict[K, set[V]]) -> None:
    for key, found in others.items():
        sets.setdefault(key, set()).update(found)


def _with_origins(event: Event, origins: tuple[Origin, ...]) -> Event:
    if origins and isinstance(event, AttributeRead):
        return replace(event, origins=origins)
    if origins and isinstance(event, SerializedRead):
        return replace(event, read=replace(event.read, origins=origins))
    return event


def _with_held(event: Event, held: set[Held]) -> Event:
    return replace(event, held=tuple(sorted(held))) if isinstance(event, StateStored | SessionHandedOver) else event


def _given(above: tuple[str, ...], option: Option) -> Iterator[Given]:
    """What an option says of each attribute on its way; wildcards and groups name none."""
    if option.is_opaque:
        yield UNREADABLE
    for step in option.steps:
        if step.name and step.name != "*":
            above = (*above, step.name)
            yield Given(above, step.strategy)
    for inner in option.below:
        yield from _given(above, inner)
