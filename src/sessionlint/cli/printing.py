"""What `check` prints: the findings or how many there are, into a file or on the terminal, and what the run did."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sessionlint.source import SessionlintError

if TYPE_CHECKING:
    from sessionlint.pipeline import Run


def print_findings(done: Run, format: str, given: dict[str, Any], *, to_stderr: bool = False) -> None:
    """The findings, or how many there are."""
    from sessionlint.report import report, report_statistics

    with _opened(given["output_file"], to_stderr=to_stderr) as out:
        if given["statistics"]:
            report_statistics(done.findings, format, out, unsafe_fixes=given["unsafe_fixes"])
        else:
            report(done, format, out, color=given["color"], summary=not given["quiet"], unsafe_fixes=given["unsafe_fixes"])
        out.flush()


@contextmanager
def _opened(path: Path | None, *, to_stderr: bool) -> Iterator[TextIO]:
    if path is None:
        yield sys.stderr if to_stderr else sys.stdout
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise SessionlintError(f"cannot be written: {error.strerror}", file=str(path)) from None
    with file:
        yield file


def told(done: Run) -> str:
    """What the run did: the files, where their facts came from, and the time each room took."""
    stats = done.stats
    times = ", ".join(f"{room} {seconds:.3f} s" for room, seconds in stats.seconds.items())
    return (
        f"root {done.settings.root}, configuration {done.settings.source or 'none'}\n"
        f"{len(stats.files)} files: {len(stats.captured)} parsed, {len(stats.from_cache)} from the cache, "
        f"{len(stats.screened_out)} screened out\n"
        f"{times}"
    )
