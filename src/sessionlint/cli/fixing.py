"""`check --fix`: the local codemods over what was found, and what is left of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.pipeline import Run
    from sessionlint.rewrite import Migration


def fixes(done: Run, *, unsafe: bool) -> Migration:
    """What the local codemods make of the findings of a run in the files that are reported on. Writes nothing."""
    from sessionlint import rewrite
    from sessionlint.check import Applicability

    trusted: Iterable[Applicability] = (Applicability.SAFE, Applicability.UNSAFE) if unsafe else (Applicability.SAFE,)
    local = [codemod for codemod in rewrite.all_codemods() if codemod.is_local]
    wanted = {(finding.at.file, finding.at.range.row) for finding in done.findings}
    return rewrite.migrate(
        done.program, done.settings, done.sources, lambda *place: place in wanted, done.findings, codemods=local, trusted=trusted
    )


def fixed(done: Run, *, unsafe: bool) -> Run:
    """Write what the fixes make of the files; the run as it is then."""
    from sessionlint import rewrite

    result = fixes(done, unsafe=unsafe)
    rewrite.write(done.settings.root, list(result.changes))
    sources = {**done.sources, **{change.name: change.after for change in result.changes}}
    return replace(done, findings=result.findings, sources=sources) if result.changes else done
