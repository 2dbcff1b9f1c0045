"""Roots that several processes walk ahead of the walk in order: their results are taken as those of an earlier run are, if what they asked
has the same answer when it is their turn. So what is found does not depend on processes. Entry point: `ahead`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, Protocol, TypeAlias

from sessionlint.link.symbols import FunctionId
from sessionlint.solve.again.earlier import RootResult
from sessionlint.solve.walk.machine import Machine

LEAST = 60
"""Roots to walk below which processes take longer to start than they save."""

BATCH = 6
"""Roots that a process is given at a time."""

Known: TypeAlias = tuple[bool | None, bool]
"""Whether something comes out of a function (None if that is not known), and whether it is too large."""

News: TypeAlias = tuple[FunctionId, bool, bool]
"""A function, with the same."""


class Channel(Protocol):
    """The way to another process, a copy of this one; what it is sent is given to its work, and what that gives can be received."""

    def send(self, message: Any) -> None: ...
    def recv(self) -> Any: ...


class Spread(Protocol):
    """Where copies of this process come from."""

    def open(self, work: Callable[[Any], Any]) -> AbstractContextManager[list[Channel]]:
        """Copies of this process as it is, which do `work` with what they are sent; none where that is not possible."""
        ...

    def ready(self, channels: Sequence[Channel], *, waits: bool) -> list[Channel]:
        """Those from which something can be received, if it `waits` once there are any."""
        ...


def ahead(
    machine: Machine,
    order: Sequence[FunctionId],
    known: Mapping[FunctionId, Known],
    walk: Callable[[FunctionId], RootResult],
    spread: Spread,
) -> dict[FunctionId, RootResult]:
    """The results of roots, as far as other processes could find them out; `order` is that in which they are walked, `known` are those of
    which a result is there already."""
    relevance = machine.relevance
    exports, too_large = dict(relevance.exports), set(relevance.too_large)

    def work(message: tuple[list[News], list[FunctionId]]) -> list[tuple[FunctionId, RootResult]]:
        news, functions = message
        for function, comes_out, is_large in news:
            relevance.exports[function] = comes_out
            relevance.too_large.update({function} if is_large else ())
        return [(function, walk(function)) for function in functions]

    plan = _Plan(machine, order, known)
    try:
        if len(order) - len(known) >= LEAST:
            plan.begin()
            with spread.open(work) as channels:
                _run(plan, channels, spread, walk)
    finally:
        relevance.exports, relevance.too_large = exports, too_large
    return plan.results


class _Plan:
    """Which roots can be walked now: those whose callees are done."""

    def __init__(self, machine: Machine, order: Sequence[FunctionId], known: Mapping[FunctionId, Known]) -> None:
        self.results: dict[FunctionId, RootResult] = {}
        self.news: list[News] = []
        self._relevance = machine.relevance
        self._place = {function: place for place, function in enumerate(order)}
        self._known = known
        self._callers: dict[FunctionId, list[FunctionId]] = {}
        self._waits: dict[FunctionId, int] = {}
        self._ready: list[int] = []
        self._order = order
        for place, function in enumerate(order):
            before = {callee for callee in machine.relevance.callees(function) if self._place.get(callee, place) < place}
            self._waits[function] = len(before)
            for callee in before:
                self._callers.setdefault(callee, []).append(function)

    def begin(self) -> None:
        """Find out where to begin."""
        for function in [function for function in self._order if not self._waits[function]]:
            self._enter(function)

    @property
    def has_more(self) -> bool:
        """Whether there are roots that can be walked now."""
        return bool(self._ready)

    def next(self, most: int = BATCH) -> list[FunctionId]:
        """Some roots that can be walked now, in order."""
        count = max(1, min(most, len(self._ready) // 4))
        return [self._order[heapq.heappop(self._ready)] for _ in range(min(count, len(self._ready)))]

    def finish(self, function: FunctionId, result: RootResult | None) -> None:
        """A root was walked, or cannot be."""
        if result is not None:
            self.results[function] = result
            self._tell(function, result.exports, result.is_too_large)
        self._leave(function)

    def _enter(self, first: FunctionId) -> None:
        pending = [first]
        while pending:
            function = pending.pop()
            if function in self._known:
                self._tell(function, *self._known[function])
            elif self._relevance.is_worth_walking(function):
                heapq.heappush(self._ready, self._place[function])
                continue
            else:
                self._tell(function, False, False)
            pending += self._freed(function)

    def _leave(self, function: FunctionId) -> None:
        for caller in self._freed(function):
            self._enter(caller)

    def _freed(self, function: FunctionId) -> Iterator[FunctionId]:
        for caller in self._callers.get(function, ()):
            self._waits[caller] -= 1
            if not self._waits[caller]:
                yield caller

    def _tell(self, function: FunctionId, exports: bool | None, is_large: bool) -> None:
        if exports is not None:
            self._relevance.exports[function] = exports
        if is_large:
            self._relevance.too_large.add(function)
        self.news.append((function, self._relevance.exports.get(function, True), is_large))


def _run(plan: _Plan, channels: list[Channel], spread: Spread, walk: Callable[[FunctionId], RootResult]) -> None:
    """Have the others walk what can be walked, and walk along."""
    told, idle, given = {id(channel): 0 for channel in channels}, list(channels), dict[int, list[FunctionId]]()
    while channels:
        while idle and (batch := plan.next()):
            channel = idle.pop()
            given[id(channel)] = batch
            with suppress(OSError):  # it is gone; receiving tells
                channel.send((plan.news[told[id(channel)] :], batch))
            told[id(channel)] = len(plan.news)
        for function in plan.next(1):
            plan.finish(function, walk(function))
        if not given:
            if plan.has_more:
                continue
            return
        for channel in spread.ready([channel for channel in channels if id(channel) in given], waits=not plan.has_more):
            batch = given.pop(id(channel))
            try:
                found = dict(channel.recv())
                idle.append(channel)
            except (EOFError, OSError):
                found = {}
                channels.remove(channel)
            for function in batch:
                plan.finish(function, found.get(function))
