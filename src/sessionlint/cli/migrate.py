"""`sessionlint migrate`: run the codemods over a codebase; a diff by default, the files themselves with `--write`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sessionlint.cli.exit_codes import ExitCode
from sessionlint.cli.options import file_options, paths_argument, run_options, settings_from
from sessionlint.cli.progress import progress_bar

if TYPE_CHECKING:
    from sessionlint.pipeline import Run
    from sessionlint.rewrite import Plan

CODEMODS = ["scope"]


@click.command()
@paths_argument
@click.option("--write", is_flag=True, help="Change the files (`rollback` undoes it) instead of printing a diff.")
@click.option("--only", type=click.Choice(CODEMODS), metavar="CODEMOD", help="Run this codemod alone: scope.")
@click.option("--phase", type=click.IntRange(1), metavar="N", help="Migrate only what the plan has in this phase.")
@file_options
@run_options
def migrate(paths: tuple[Path, ...], write: bool, only: str | None, phase: int | None, **given: Any) -> ExitCode:
    """Rewrite direct session acquisitions to managed scopes.

    Prints a diff that `git apply` takes; what was migrated and what is left, and why, goes to standard error. Nothing is rewritten that
    would behave differently afterwards. PATHS choose the files that change.
    """
    del only  # there is but one
    from sessionlint import rewrite
    from sessionlint.pipeline import run
    from sessionlint.report.migration import report_diff, report_summary

    paths = paths or (Path(),)
    settings = settings_from(paths, given)
    with progress_bar(wanted=not (given["quiet"] or given["silent"])) as progress:
        done = run(paths, settings, jobs=given["jobs"], progress=progress)
    made = rewrite.plan(done.program, settings, done.sources, lambda file: done.files[file].reported) if phase else None
    if made is not None and phase is not None and phase > len(made.phases):
        raise click.BadParameter(f"the plan has {len(made.phases)} phases", param_hint="'--phase'")
    result = rewrite.migrate(done.program, settings, done.sources, _wanted(done, made, phase), done.findings)
    if write:
        rewrite.write(settings.root, list(result.changes))
    elif not given["silent"]:
        report_diff(result, sys.stdout)
    if not given["silent"]:
        report_summary(result, sys.stderr, written=write)
    if write:
        return ExitCode.FINDINGS if result.left else ExitCode.CLEAN
    return ExitCode.FINDINGS if result.changes else ExitCode.CLEAN


def _wanted(done: Run, made: Plan | None, phase: int | None) -> Callable[[str, int], bool]:
    """Whether an acquisition is asked for, by its file and row."""
    if made is None:
        return lambda file, row: done.files[file].reported
    sites = {(site.file, site.row) for site in made.sites if site.phase == phase}
    return lambda file, row: (file, row) in sites
