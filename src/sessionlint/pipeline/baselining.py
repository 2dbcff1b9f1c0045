"""A run beside a baseline: what it has looked at, and what is left to report. Entry points: `baselined`, `known_acquisitions`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from sessionlint.baseline import STALE, Baseline, Examined, compare
from sessionlint.check import Checked, PerFileIgnores, checked, selected
from sessionlint.link import Program, relying_on
from sessionlint.pipeline.result import Run
from sessionlint.solve import Events
from sessionlint.source import Location, SourceFile


def baselined(run: Run, found: Checked, paths: Sequence[Path], baseline: Baseline, *, is_judged: bool) -> Run:
    """The run without what the baseline knows and, where it `is_judged`, with its stale entries; `found` is what they were made of."""
    compared = compare(baseline, found, _examined(run, found, paths), run.sources)
    with_stale = is_judged and any(rule.code == STALE for rule in selected(run.settings))
    return dataclasses.replace(
        run,
        files={**run.files, baseline.name: SourceFile(baseline.path, baseline.name, "")},
        sources={**run.sources, baseline.name: baseline.content},
        findings=compared.reported(run.program, with_stale=with_stale),
        baselined=compared.baselined,
        baseline=baseline.name,
        compared=compared,
    )


def known_acquisitions(run: Run, baseline: Baseline) -> frozenset[Location]:
    """Where the baseline knows a finding of SES101, in a run that has only linked."""
    alone = dataclasses.replace(run.settings.lint, select=("SES101",), extend_select=(), ignore=())
    found = checked(run.program, Events(()), dataclasses.replace(run.settings, lint=alone))
    compared = compare(baseline, found, _examined(run, found, ()), run.sources)
    return frozenset(finding.at for finding in compared.baselined)


def _examined(run: Run, found: Checked, paths: Sequence[Path]) -> Examined:
    root = run.settings.root
    asked = [path.absolute() for path in paths]

    def is_gone(name: str) -> bool:
        path = root / name
        return name not in run.files and any(path.is_relative_to(each) for each in asked) and not path.exists()

    files = frozenset(name for name, file in run.files.items() if file.reported)
    return Examined(found.judged, files, _broken(run.program), found.unseen, is_gone, PerFileIgnores(run.settings).cover)


def _broken(program: Program) -> frozenset[str]:
    """The files that could not be read or parsed, and those that need to know what is in them."""
    broken = [name for name, module in program.files.items() if module.facts.error is not None]
    return relying_on(program, broken) if broken else frozenset()
