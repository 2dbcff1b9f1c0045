"""`pylint`: `path:row: [CODE] message`, for what reads Pylint's output."""

from __future__ import annotations

from typing import TextIO

from sessionlint.report.printable import printable
from sessionlint.report.view import View, write


def render(view: View, out: TextIO) -> None:
    """All findings."""
    for finding in view.findings:
        place = f"{printable(view.filename(finding.at.file))}:{finding.at.range.row}"
        write(out, f"{place}: [{finding.code}] {printable(finding.message)}")
