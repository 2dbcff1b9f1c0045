"""`check --fix`: the local codemods over what was found, and what is left of it. Entry point: `fixed`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sessionlint.check import Finding
    from sessionlint.pipeline import Run, Stdin
    from sessionlint.rewrite import Migration


def is_fixing(given: Mapping[str, Any]) -> bool:
    """Whether the options ask for fixes."""
    return bool(given["fix"] or given["fix_only"] or given["diff"])


def fixed(done: Run, stdin: Stdin | None, given: Mapping[str, Any]) -> tuple[Run, int]:
    """Write what the fixes make of the files (standard input goes to standard output; with `--diff`, a diff does).

    The run as it is then, and the number of fixes.
    """
    from sessionlint import rewrite
    from sessionlint.check.comparing import Side, remaining
    from sessionlint.report.migration import report_diff, report_fixes

    result = _fixes(done, unsafe=given["unsafe_fixes"])
    if given["diff"]:
        report_diff(result.changes, sys.stdout)
    elif stdin is not None:
        content = {change.name: change.after for change in result.changes}
        sys.stdout.buffer.write(next(iter(content.values()), stdin.content))
        sys.stdout.buffer.flush()
    else:
        rewrite.write(done.settings.root, list(result.changes))
    if not (given["quiet"] or given["silent"]):
        report_fixes(result, sys.stderr, written=not given["diff"], each=given["show_fixes"])
    sources = {**done.sources, **{change.name: change.after for change in result.changes}}
    if not result.changes:
        return done, len(result.migrated)
    left = remaining(result.findings, Side(done.program, sources), _others(done), Side(done.program, done.sources))
    stale = tuple(finding for finding in done.findings if done.baseline and finding.at.file == done.baseline)
    return replace(done, findings=(*left, *stale), sources=sources), len(result.migrated)


def _others(done: Run) -> list[Finding]:
    """What was found and is not reported; the program may go on having it."""
    return [*done.baselined, *done.withheld]


def _fixes(done: Run, *, unsafe: bool) -> Migration:
    """What the local codemods make of the findings of a run in the files that are reported on."""
    from sessionlint import rewrite
    from sessionlint.check import Applicability

    trusted: Iterable[Applicability] = (Applicability.SAFE, Applicability.UNSAFE) if unsafe else (Applicability.SAFE,)
    local = [codemod for codemod in rewrite.all_codemods() if codemod.is_local]
    wanted = {(finding.at.file, finding.at.range.row) for finding in done.findings}
    found = sorted([*done.findings, *_others(done)], key=lambda finding: (finding.at, finding.code))
    return rewrite.migrate(
        done.program, done.settings, done.sources, lambda *place: place in wanted, found, codemods=local, trusted=trusted
    )
