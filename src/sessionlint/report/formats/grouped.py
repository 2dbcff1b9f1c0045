"""`grouped`: the findings of a file below its name, in columns."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO

from sessionlint.check import Finding
from sessionlint.report.findings.statistics import write_counts as render_statistics
from sessionlint.report.findings.style import GUTTER, PLACE, Styled, add_code, ansi
from sessionlint.report.findings.summary import write_summary
from sessionlint.report.printable import printable
from sessionlint.report.view import View, write

__all__ = ["render", "render_statistics"]


def render(view: View, out: TextIO) -> None:
    """All findings."""
    for name, group in groupby(view.findings, key=lambda finding: finding.at.file):
        found = list(group)
        write(out, ansi(view, Styled().add(printable(view.filename(name)), PLACE).add(":")))
        places = [_place(finding) for finding in found]
        width = max(map(len, places))
        for finding, place in zip(found, places, strict=True):
            styled = add_code(view, Styled().add("  ").add(place.ljust(width), GUTTER).add(" "), finding)
            write(out, ansi(view, styled.add(f" {printable(finding.message)}")))
        write(out, "")
    write_summary(view, out)


def _place(finding: Finding) -> str:
    return f"{finding.at.range.row}:{finding.at.range.column}"
