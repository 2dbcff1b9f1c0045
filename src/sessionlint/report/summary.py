"""The number at the end of a text report."""

from __future__ import annotations

from typing import TextIO

from sessionlint.report.view import View, write


def write_summary(view: View, out: TextIO) -> None:
    """The last line, in ruff's words."""
    if view.has_summary:
        count = len(view.findings)
        write(out, f"Found {count} error{'' if count == 1 else 's'}." if count else "All checks passed!")
