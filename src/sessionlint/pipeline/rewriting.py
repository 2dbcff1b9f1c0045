"""The run over, after files were rewritten: which findings are left, and what was known of each stays known. Entry point: `rewritten`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from sessionlint.check import Checked, Finding, FixRefused, checked, fingerprinted
from sessionlint.pipeline.result import Rewritten, Run

if TYPE_CHECKING:
    from sessionlint.rewrite import Migration

Pair = tuple[Finding, Finding | None]
"""A finding as it is now, and as it was before; None for one that was not there."""


def everything(run: Run) -> Checked:
    """All that is found in the program of a run, whether or not it is to be reported."""
    return fingerprinted(checked(run.program, run.events, run.settings), run.sources)


def rewritten(run: Run, migration: Migration) -> Run:
    """The run as it is when the files are what the migration makes of them. What was not reported before is not reported now; fixes that
    did not stand up to verification are refused."""
    before = everything(run)
    after = fingerprinted(migration.after.found, migration.after.sources) if migration.changes else before
    pairs = _paired(before.findings, after.findings, migration)
    reported, baselined, known = _places(run.findings), _places(run.baselined), _places(before.findings)
    reasons = {(o.rule, o.file, o.row): FixRefused(o.code, o.reason) for o in migration.left if o.code == "not-verified"}
    return replace(
        run,
        sources={**run.sources, **{change.name: change.after for change in migration.changes}},
        analysis=Rewritten(migration.after.program, run.events, run.stats, migration.after.walked),
        keeper=None,
        findings=(
            *(_refused(now, was, reasons) for now, was in pairs if was is None or (was.at, was.code) in reported),
            *(finding for finding in run.findings if (finding.at, finding.code) not in known),  # they are about no file of the program
        ),
        baselined=tuple(now for now, was in pairs if was is not None and (was.at, was.code) in baselined),
        suppressed=after.suppressed,
    )


def _places(findings: Iterable[Finding]) -> set[tuple[object, str]]:
    return {(finding.at, finding.code) for finding in findings}


def _refused(now: Finding, was: Finding | None, reasons: dict[tuple[str, str, int], FixRefused]) -> Finding:
    reason = reasons.get((was.code, was.at.file, was.at.range.row)) if was is not None else None
    return now if reason is None else msgspec.structs.replace(now, fix_refused=reason)


def _paired(before: Iterable[Finding], after: Iterable[Finding], migration: Migration) -> list[Pair]:
    """Each finding with the one that it was: of those about the same thing in the same function, those that were not mended, in order."""
    mended = Counter((outcome.rule, outcome.file, outcome.row) for outcome in migration.migrated)
    left: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for finding in before:
        place = (finding.code, finding.at.file, finding.at.range.row)
        if mended[place]:
            mended[place] -= 1
        else:
            left[_identity(finding)].append(finding)
    return [(now, left[_identity(now)].pop(0) if left[_identity(now)] else None) for now in after]


def _identity(finding: Finding) -> tuple[str, ...]:
    return finding.code, finding.at.file, finding.qualname, finding.evidence
