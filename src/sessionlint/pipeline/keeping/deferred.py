"""The program of a run whose result was kept: it is put together when somebody asks for it, and then whole. Entry point: `Deferred`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.link import Program
    from sessionlint.pipeline.analysis import Analysis
    from sessionlint.pipeline.result import Stats
    from sessionlint.solve import Earlier, Events


class Deferred:
    """An analysis that has been made, or that `analyse` makes; `stats` tells which."""

    def __init__(self, analyse: Callable[[], Analysis], stats: Callable[[Analysis | None], Stats]) -> None:
        self._analyse, self._stats = analyse, stats
        self._done: Analysis | None = None

    def done(self) -> Analysis:
        """The analysis, now."""
        if self._done is None:
            self._done = self._analyse()
        return self._done

    @property
    def program(self) -> Program:
        """The program."""
        return self.done().program

    @property
    def events(self) -> Events:
        """What happens in it."""
        return self.done().events

    @property
    def walked(self) -> Earlier | None:
        """What walking the program gave."""
        return self.done().walked

    @property
    def stats(self) -> Stats:
        """What has been done by now."""
        return self._stats(self._done)
