"""`concise`: one line a finding, `path:row:column: CODE [*] message`."""

from __future__ import annotations

from typing import TextIO

from rich.text import Text

from sessionlint.report.findings.statistics import write_counts as render_statistics
from sessionlint.report.findings.style import PLACE, ansi, coded
from sessionlint.report.findings.summary import write_summary
from sessionlint.report.printable import printable
from sessionlint.report.view import View, write

__all__ = ["render", "render_statistics"]


def render(view: View, out: TextIO) -> None:
    """All findings."""
    for finding in view.findings:
        said = f" {printable(finding.message)}"
        write(out, ansi(view, Text.assemble((view.place(finding.at), PLACE), ": ", coded(view, finding), said)))
    write_summary(view, out)
