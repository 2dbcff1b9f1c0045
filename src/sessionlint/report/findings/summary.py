"""What a text report ends with: how many findings, and how many of them can be fixed, in ruff's words."""

from __future__ import annotations

from typing import TextIO

from sessionlint.check import Applicability
from sessionlint.report.view import View, write


def write_summary(view: View, out: TextIO) -> None:
    """The last lines."""
    if not view.has_summary:
        return
    count = len(view.findings)
    write(out, f"Found {count} error{'' if count == 1 else 's'}." if count else "All checks passed!")
    offer = _offer(view)
    if offer:
        write(out, offer)


def _offer(view: View) -> str:
    fixable = sum(view.is_fixable(finding) for finding in view.findings)
    hidden = 0 if view.takes_unsafe else sum(f.fix is not None and f.fix.applicability is Applicability.UNSAFE for f in view.findings)
    what = "1 hidden fix" if hidden == 1 else f"{hidden} hidden fixes"
    enabled = f" ({what} can be enabled with the `--unsafe-fixes` option)" if hidden else ""
    if fixable:
        return f"[*] {fixable} fixable with the `--fix` option{enabled}."
    return f"No fixes available{enabled}." if hidden else ""
