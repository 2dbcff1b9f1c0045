"""`csv`: a row for each finding, for spreadsheets. Silenced and known findings are not in it.

No cell begins as a formula does: an apostrophe goes before it, which spreadsheets take for the mark of a text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TextIO

from sessionlint.check import Finding, url_of
from sessionlint.report.findings.statistics import Count
from sessionlint.report.printable import printable
from sessionlint.report.view import View, write

_COLUMNS = (
    "code", "name", "severity", "confidence", "filename", "row", "column", "end_row", "end_column", "function", "message", "help", "fix",
    "fix_refused", "baseline", "fingerprint", "url",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def render(view: View, out: TextIO) -> None:
    """All findings below the names of the columns."""
    _write(out, [_COLUMNS, *(_row(view, finding) for finding in view.findings)])


def render_statistics(counts: Sequence[Count], out: TextIO) -> None:
    """A row for each rule."""
    rows = [(count.code, count.name, count.count, count.fixable_count) for count in counts]
    _write(out, [("code", "name", "count", "fixable_count"), *rows])


def _row(view: View, finding: Finding) -> tuple[str | int, ...]:
    range, fix, refused = finding.at.range, finding.fix, finding.fix_refused
    return (
        finding.code,
        finding.name,
        finding.severity,
        finding.confidence,
        view.filename(finding.at.file),
        range.row,
        range.column,
        range.end_row,
        range.end_column,
        finding.qualname,
        finding.message,
        view.help(finding),
        f"{fix.applicability.value}: {fix.message}" if fix is not None else "",
        f"{refused.code}: {refused.message}" if refused is not None else "",
        "new" if view.has_baseline else "",
        finding.fingerprint,
        url_of(finding.code),
    )


def _write(out: TextIO, rows: Iterable[Iterable[str | int]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerows([_cell(value) if isinstance(value, str) else value for value in row] for row in rows)
    write(out, text.getvalue().removesuffix("\n"))


def _cell(text: str) -> str:
    shown = printable(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
