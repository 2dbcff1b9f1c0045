"""`concise`: one line a finding, `path:row:column: CODE message`."""

from __future__ import annotations

from typing import TextIO

from sessionlint.report.printable import printable
from sessionlint.report.summary import write_summary
from sessionlint.report.view import View, write


def render(view: View, out: TextIO) -> None:
    """All findings."""
    for finding in view.findings:
        write(out, f"{view.place(finding.at)}: {finding.code} {printable(finding.message)}")
    write_summary(view, out)
