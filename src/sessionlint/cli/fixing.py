"""`check --fix`: the local codemods over what was found, and what is left of it. Entry point: `fixed`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from sessionlint.cli.given import is_quiet

if TYPE_CHECKING:
    from sessionlint.config import Settings
    from sessionlint.pipeline import Run, Stdin
    from sessionlint.rewrite import Migration


def is_fixing(settings: Settings, given: Mapping[str, Any]) -> bool:
    """Whether fixes are asked for. Raises `click.UsageError` for options that contradict one another, as in ruff."""
    if given["exit_zero"] and given["exit_non_zero_on_fix"]:
        raise click.UsageError("`--exit-zero` cannot be used with `--exit-non-zero-on-fix`")
    if given["diff"] and given["statistics"]:
        raise click.UsageError("`--diff` cannot be used with `--statistics`")
    is_wanted = bool(settings.fixes.fix or settings.fixes.fix_only or given["diff"])
    if is_wanted and given["staged"]:
        raise click.UsageError("`--staged` looks at the index, and fixes are written to the disk: `--fix` and `--diff` do not go with it")
    if given["include_baselined"] and not is_wanted:
        raise click.UsageError("`--include-baselined` goes with `--fix` or `--diff`")
    return is_wanted


def fixed(done: Run, stdin: Stdin | None, given: Mapping[str, Any], *, is_told: bool) -> Run:
    """Write what the fixes make of the files (standard input goes to standard output; with `--diff`, a diff does), and return the run as it
    is then. `is_told` says that the findings, where they are printed, tell the number of fixes."""
    from sessionlint import rewrite
    from sessionlint.pipeline import rewritten
    from sessionlint.report.migration import report_fixes
    from sessionlint.report.patch import write_patch

    result = _fixes(done, include_baselined=given["include_baselined"])
    if given["diff"]:
        write_patch(result.changes, done.settings.root, sys.stdout)
    elif stdin is not None:
        content = {change.name: change.after for change in result.changes}
        sys.stdout.buffer.write(next(iter(content.values()), stdin.content))
        sys.stdout.buffer.flush()
    else:
        rewrite.write(done.settings.root, list(result.changes))
    if not is_quiet(given):
        fixes = done.settings.fixes
        report_fixes(
            result,
            sys.stderr,
            written=not given["diff"],
            each=fixes.show_fixes,
            total=given["diff"] or not (is_told or stdin is not None) or (fixes.fix_only and not given["statistics"]),
            hints=fixes.unsafe is None,
        )
    return replace(rewritten(done, result), fixed=len(result.migrated))


def _fixes(done: Run, *, include_baselined: bool) -> Migration:
    """What the local codemods make of the findings of a run in the files that are reported on."""
    from sessionlint import rewrite
    from sessionlint.check import Applicability, Fixability
    from sessionlint.pipeline import everything

    trusted: Iterable[Applicability] = (Applicability.SAFE, Applicability.UNSAFE) if done.settings.fixes.unsafe else (Applicability.SAFE,)
    local = [codemod for codemod in rewrite.all_codemods() if codemod.is_local]
    fixability = Fixability(done.settings)
    findings = (*done.findings, *(done.baselined if include_baselined else ()))
    wanted = {(finding.at, finding.code) for finding in findings if fixability.covers(finding.code)}
    return rewrite.migrate(
        done.program,
        done.settings,
        done.sources,
        lambda spot: (spot.about.at, spot.code) in wanted,
        everything(done).findings,
        codemods=local,
        trusted=trusted,
        fixability=fixability,
        walked=done.analysis.walked,
    )
