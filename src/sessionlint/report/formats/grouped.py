"""`grouped`: the findings of a file below its name, in columns."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO

from rich.text import Text

from sessionlint.check import Finding
from sessionlint.report.findings.statistics import write_counts as render_statistics
from sessionlint.report.findings.style import GUTTER, PLACE, ansi, coded
from sessionlint.report.findings.summary import write_summary
from sessionlint.report.printable import printable
from sessionlint.report.view import View, write

__all__ = ["render", "render_statistics"]


def render(view: View, out: TextIO) -> None:
    """All findings."""
    for name, group in groupby(view.findings, key=lambda finding: finding.at.file):
        found = list(group)
        write(out, ansi(view, Text.assemble((printable(view.filename(name)), PLACE), ":")))
        places = [_place(finding) for finding in found]
        width = max(map(len, places))
        for finding, place in zip(found, places, strict=True):
            said = f" {printable(finding.message)}"
            write(out, ansi(view, Text.assemble("  ", (place.ljust(width), GUTTER), " ", coded(view, finding), said)))
        write(out, "")
    write_summary(view, out)


def _place(finding: Finding) -> str:
    return f"{finding.at.range.row}:{finding.at.range.column}"
