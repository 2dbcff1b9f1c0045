"""A run beside a baseline: what it has looked at, and what is left to report. Entry points: `baselined`, `known_acquisitions`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import msgspec

from sessionlint.baseline import STALE, Baseline, Examined, compare
from sessionlint.check import Checked, PerFileIgnores, is_selected
from sessionlint.pipeline.keeping.keeper import Kept, broken_in
from sessionlint.pipeline.result import Run
from sessionlint.source import Location, SourceFile


def baselined(run: Run, paths: Sequence[Path], baseline: Baseline, kept: Kept, *, is_judged: bool) -> Run:
    """The run without what the baseline knows and, where it `is_judged`, with its stale entries; `kept` says what its findings are made
    of."""
    found = msgspec.structs.replace(kept.found, findings=run.findings, suppressed=run.suppressed)
    compared = compare(baseline, found, _examined(run, found, paths, kept.broken), run.sources)
    with_stale = is_judged and is_selected(run.settings, STALE)
    return dataclasses.replace(
        run,
        files={**run.files, baseline.name: SourceFile(baseline.path, baseline.name, "")},
        sources={**run.sources, baseline.name: baseline.content},
        findings=compared.reported(with_stale=with_stale),
        baselined=compared.baselined,
        baseline=baseline.name,
        compared=compared,
    )


def known_acquisitions(run: Run, baseline: Baseline) -> frozenset[Location]:
    """Where the baseline knows a finding of SES101, in a run that has only linked."""
    from sessionlint.check import checked
    from sessionlint.solve import Events

    alone = dataclasses.replace(run.settings.lint, select=("SES101",), extend_select=(), ignore=())
    found = checked(run.program, Events(()), dataclasses.replace(run.settings, lint=alone))
    compared = compare(baseline, found, _examined(run, found, (), broken_in(run.program)), run.sources)
    return frozenset(finding.at for finding in compared.baselined)


def _examined(run: Run, found: Checked, paths: Sequence[Path], broken: frozenset[str]) -> Examined:
    root = run.settings.root
    asked = [path.absolute() for path in paths]

    def is_gone(name: str) -> bool:
        path = root / name
        return name not in run.files and any(path.is_relative_to(each) for each in asked) and not path.exists()

    files = frozenset(name for name, file in run.files.items() if file.reported)
    return Examined(found.judged, files, broken, found.unseen, is_gone, PerFileIgnores(run.settings).cover)
