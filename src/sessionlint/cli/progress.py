"""A progress bar on standard error, for a terminal, once a run has taken a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0
"""Seconds before anything is shown."""


@contextmanager
def progress_bar(*, wanted: bool) -> Iterator[Callable[[int, int], None] | None]:
    """What to tell of the files that are done; None where nobody would see it."""
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    started = time.monotonic()
    bars: list[Progress] = []

    def tell(done: int, total: int) -> None:
        if not bars and time.monotonic() - started >= PATIENCE:
            bars.append(_new_bar(total))
        if bars:
            bars[0].update(bars[0].task_ids[0], completed=done)

    try:
        yield tell
    finally:
        for bar in bars:
            bar.stop()


def _new_bar(total: int) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("Parsing", total=total)
    bar.start()
    return bar
