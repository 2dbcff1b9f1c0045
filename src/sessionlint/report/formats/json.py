"""`json`: an array with ruff's field names and ours beside them. Silenced and known findings are in it, marked as such."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

import msgspec

from sessionlint.report.findings.entries import entries
from sessionlint.report.findings.fields import encoded, fields
from sessionlint.report.findings.statistics import Count
from sessionlint.report.view import View


def render(view: View, out: TextIO) -> None:
    """All findings."""
    out.write(encoded([fields(view, entry) for entry in entries(view)]) + "\n")


def render_statistics(counts: Sequence[Count], out: TextIO) -> None:
    """An array of ruff's fields."""
    out.write(encoded(msgspec.to_builtins(list(counts))) + "\n")
