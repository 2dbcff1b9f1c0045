"""`concise`: one line a finding, `path:row:column: CODE [*] message`."""

from __future__ import annotations

from typing import TextIO

from sessionlint.report.findings.statistics import write_counts as render_statistics
from sessionlint.report.findings.style import PLACE, Styled, add_code, ansi
from sessionlint.report.findings.summary import write_summary
from sessionlint.report.printable import printable
from sessionlint.report.view import View, write

__all__ = ["render", "render_statistics"]


def render(view: View, out: TextIO) -> None:
    """All findings."""
    for finding in view.findings:
        styled = add_code(view, Styled().add(view.place(finding.at), PLACE).add(": "), finding)
        write(out, ansi(view, styled.add(f" {printable(finding.message)}")))
    write_summary(view, out)
