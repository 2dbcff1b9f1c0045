"""`json-lines`: the objects of `json`, one a line."""

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
    for entry in entries(view):
        out.write(encoded(fields(view, entry), indent=None) + "\n")


def render_statistics(counts: Sequence[Count], out: TextIO) -> None:
    """A line for each rule."""
    for count in counts:
        out.write(encoded(msgspec.to_builtins(count), indent=None) + "\n")
