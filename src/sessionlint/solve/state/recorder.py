"""Collects events while paths are walked: one of a kind for a place, the one with the shortest history."""

from __future__ import annotations

from dataclasses import replace

from sessionlint.link.symbols import FunctionId
from sessionlint.solve.events import AttributeRead, Event, Events, Origin, SerializedRead, StateRead, StateStored


class Recorder:
    """Events so far, and the functions whose analysis met a limit."""

    def __init__(self) -> None:
        self._events: dict[object, Event] = {}
        self._origins: dict[object, set[Origin]] = {}
        self._truncated: set[FunctionId] = set()
        self._failed: dict[FunctionId, str] = {}
        self.is_silent = False

    def add(self, event: Event) -> None:
        """Remember an event, unless one of its kind is known for the place with a history as short."""
        if self.is_silent:
            return
        key: tuple[object, ...] = (type(event), event.at)
        if isinstance(event, AttributeRead):
            key = (*key, event.path, event.status, event.cause, event.context)
        elif isinstance(event, SerializedRead):
            key = (*key, event.read.path, event.is_behind)
        elif isinstance(event, StateRead | StateStored):
            key = (*key, event.what, event.key)
        read = event.read if isinstance(event, SerializedRead) else event
        if isinstance(read, AttributeRead) and read.origins:
            self._origins.setdefault(key, set()).update(read.origins)
        known = self._events.get(key)
        if known is None or len(event.history.steps()) < len(known.history.steps()):
            self._events[key] = event

    def truncate(self, function: FunctionId) -> None:
        """The analysis of `function` met a limit."""
        self._truncated.add(function)

    def fail(self, function: FunctionId, error: Exception) -> None:
        """The analysis of `function` ended by a mistake of its own; the others go on."""
        said = str(error).splitlines()
        self._failed[function] = type(error).__name__ + (f": {said[0]}" if said else "")

    def events(self) -> Events:
        """Everything found, sorted by place."""
        events = [_with_origins(event, self._origins.get(key)) for key, event in self._events.items()]
        found = sorted(events, key=lambda event: (event.at, type(event).__name__, repr(event)))
        return Events(tuple(found), tuple(sorted(self._truncated)), tuple(sorted(self._failed.items())))


def _with_origins(event: Event, origins: set[Origin] | None) -> Event:
    if origins and isinstance(event, AttributeRead):
        return replace(event, origins=tuple(sorted(origins)))
    if origins and isinstance(event, SerializedRead):
        return replace(event, read=replace(event.read, origins=tuple(sorted(origins))))
    return event
