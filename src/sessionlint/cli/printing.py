"""What `check` prints: the findings or how many there are, into files and on the terminal, and what the run did."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sessionlint.cli.outputs import Output
from sessionlint.source import SessionlintError
from sessionlint.source.writing import write_whole

if TYPE_CHECKING:
    from sessionlint.pipeline import Run


def print_findings(done: Run, outputs: Sequence[Output], given: dict[str, Any], *, to_stderr: bool = False) -> None:
    """The findings, or how many there are: files first, that they are there even if nobody reads on at the other end of a pipe.

    Options that keep findings from the terminal do not keep them from files.
    """
    texts = [(output.path, _text(done, output, given)) for output in outputs if output.path is not None]
    for path, text in texts:
        _write(path, text)
    if given["silent"] or given["diff"] or (done.settings.fixes.fix_only and not given["statistics"]):
        return
    for output in outputs:
        if output.path is None:
            out = sys.stderr if to_stderr else sys.stdout
            _report(done, output, out, given, color=given["color"])
            out.flush()


def _text(done: Run, output: Output, given: dict[str, Any]) -> str:
    out = io.StringIO()
    _report(done, output, out, given, color="never")
    return out.getvalue()


def _report(done: Run, output: Output, out: TextIO, given: dict[str, Any], *, color: str) -> None:
    from sessionlint.report import report, report_statistics

    if given["statistics"]:
        report_statistics(done, output.format, out, summary=not given["quiet"])
    else:
        report(done, output.format, out, color=color, summary=not given["quiet"])


def _write(path: Path, text: str) -> None:
    """The whole file or nothing: another takes its place when it is complete. What is no file (`/dev/stderr`, a pipe) is written to."""
    data = text.encode("utf-8")
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                file.write(data)
        else:
            write_whole(target, data)
    except OSError as error:
        raise SessionlintError(f"cannot be written: {error.strerror}", file=str(path)) from None


def told(done: Run) -> str:
    """What the run did: the files, where their facts came from, and the time each room took."""
    from sessionlint.report.printable import printable

    stats = done.stats
    times = ", ".join(f"{room} {seconds:.3f} s" for room, seconds in stats.seconds.items())
    return (
        f"root {printable(str(done.settings.root))}, configuration {printable(str(done.settings.source or 'none'))}\n"
        f"{len(stats.files)} files: {len(stats.captured)} parsed, {len(stats.from_cache)} from the cache, "
        f"{len(stats.screened_out)} screened out{'; the result is that of an earlier run' * stats.is_kept}\n"
        f"{times}"
    )
