"""What a text report ends with: how many findings, and how many of them can be fixed, in ruff's words."""

from __future__ import annotations

from typing import TextIO

from sessionlint.report.findings.entries import STALE
from sessionlint.report.view import View, write


def write_summary(view: View, out: TextIO) -> None:
    """The last lines."""
    if not view.has_summary:
        return
    count = len(view.findings)
    if view.fixed:
        write(out, f"Found {_counted(count + view.fixed)} ({view.fixed} fixed, {count} remaining).")
    else:
        write(out, f"Found {_counted(count)}." if count else "All checks passed!")
    if view.has_baseline:
        stale = sum(finding.code == STALE for finding in view.findings)
        unexamined = f", {view.unexamined} not examined" if view.unexamined else ""
        write(out, f"{len(view.baselined)} known in the baseline, {count - stale} new, {stale} stale{unexamined}.")
    offer = _offer(view)
    if offer:
        write(out, offer)


def _offer(view: View) -> str:
    fixable = sum(view.is_fixable(finding) for finding in view.findings)
    hidden = sum(view.is_hidden(finding) for finding in view.findings)
    what = f"{hidden} unsafe {'fix' if hidden == 1 else 'fixes'} available with `--fix --unsafe-fixes`"
    if fixable:
        return f"[*] {fixable} fixable with `--fix`{f' ({what})' if hidden else ''}."
    return f"{what}." if hidden else ""


def _counted(count: int) -> str:
    return f"{count} error{'' if count == 1 else 's'}"
