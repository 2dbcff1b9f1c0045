"""A progress bar on standard error, for a terminal, once a run has taken a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0
"""Seconds before anything is shown."""


@contextmanager
def progress_bar(*, wanted: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """What to tell of the work that is done; None where nobody would see it."""
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    bar = _DelayedBar()
    bar.timer.start()
    try:
        yield bar.tell
    finally:
        bar.stop()


class _DelayedBar:
    """A bar that a timer shows, so that it appears also while one long step tells nothing."""

    def __init__(self) -> None:
        self.now = ("", 0, 0)
        self.bar: Progress | None = None
        self.timer = threading.Timer(PATIENCE, self._show)
        self.timer.daemon = True

    def tell(self, what: str, done: int, total: int) -> None:
        """What is being done, how much of it is done and how much there is to do (0 where nobody knows)."""
        self.now = (what, done, total)
        if self.bar is not None:
            self.bar.update(self.bar.task_ids[0], description=what, completed=done, total=total or None)

    def stop(self) -> None:
        """Leave nothing on the screen."""
        self.timer.cancel()
        self.timer.join()
        if self.bar is not None:
            self.bar.stop()

    def _show(self) -> None:
        bar = _new_bar()
        what, done, total = self.now
        bar.add_task(what, completed=done, total=total or None)
        bar.start()
        self.bar = bar


def _new_bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
