"""`sessionlint migrate`: run the codemods over a codebase; a diff by default, the files themselves with `--write`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sessionlint.cli.baselining import baseline_of, baseline_options
from sessionlint.cli.completing import codemods
from sessionlint.cli.executing import workers_of
from sessionlint.cli.exit_codes import Ending, ExitCode, counted, ended, internal_errors, remain
from sessionlint.cli.given import is_quiet
from sessionlint.cli.options import file_options, paths_argument, run_options, settings_from
from sessionlint.cli.progress import progress_bar

if TYPE_CHECKING:
    from sessionlint.config import Settings
    from sessionlint.pipeline import Run
    from sessionlint.rewrite import Codemod, Migration, Spot


def _known(ctx: click.Context, param: click.Parameter, names: tuple[str, ...]) -> list[type[Codemod]] | None:
    """The codemods of these names; None, for all, if there are none. Which there are is looked up late, for that takes the parser."""
    if not names:
        return None
    from sessionlint.rewrite import all_codemods

    choice = click.Choice([codemod.name for codemod in all_codemods()])
    wanted = {choice.convert(name, param, ctx) for name in names}
    return [codemod for codemod in all_codemods() if codemod.name in wanted]


@click.command()
@paths_argument
@click.option("--write", is_flag=True, help="Change the files (`rollback` undoes it) instead of printing a diff.")
@click.option("--interactive", is_flag=True, help="Show each change with its story and ask; what is chosen is written.")
@click.option("--diff", is_flag=True, help="Print the diff, with `--write` too.")
@click.option(
    "--only", multiple=True, callback=_known, shell_complete=codemods, metavar="CODEMOD", help="Run this codemod alone; may be repeated."
)
@click.option("--phase", type=click.IntRange(1), metavar="N", help="Migrate only what the plan has in this phase.")
@click.option("--allow-dirty", is_flag=True, help="Change files even if they have uncommitted changes.")
@file_options
@baseline_options
@run_options
def migrate(paths: tuple[Path, ...], **given: Any) -> Ending:
    """Rewrite direct session acquisitions to managed scopes, and mend what else the codemods can.

    Prints a diff that `git apply` takes; what was migrated and what is left, and why, goes to standard error. Nothing is rewritten that
    would behave differently afterwards. PATHS choose the files that change.
    """
    from sessionlint import rewrite
    from sessionlint.cli.asking import chosen
    from sessionlint.pipeline import everything, run
    from sessionlint.report.migration import report_summary
    from sessionlint.report.patch import write_patch

    paths = paths or (Path(),)
    settings = settings_from(paths, given)
    if given["write"] or given["interactive"]:
        rewrite.refuse_after_interruption(settings.root)
    baseline = baseline_of(settings, given)
    with progress_bar(wanted=not is_quiet(given)) as progress:
        done = run(paths, settings, jobs=workers_of(given), progress=progress, needs_program=True, baseline=baseline)
        wanted = _wanted(done, settings, given)
        found = everything(done).findings if done.baseline else done.findings
        program, walked = done.program, done.analysis.walked
        migrated = partial(rewrite.migrate, program, settings, done.sources, wanted, found, codemods=given["only"], walked=walked)
        result = migrated()
    written = given["write"] or given["interactive"]
    if written and not given["allow_dirty"]:
        rewrite.refuse_uncommitted(settings.root, [change.name for change in result.changes])
    if given["interactive"]:
        keys = chosen(done, result, color=given["color"])
        if len(keys) < len(result.migrated):
            result = migrated(chosen=keys)
    if written:
        rewrite.write(settings.root, list(result.changes))
    if not given["silent"]:
        if given["diff"] or not written:
            write_patch(result.changes, settings.root, sys.stdout)
        report_summary(result, sys.stderr, written=written, known=0 if given["include_baselined"] else len(done.baselined))
    return _ending(done, result, given, written=written)


def _ending(done: Run, result: Migration, given: dict[str, Any], *, written: bool) -> Ending:
    """Acquisitions that no rule reports, being a scope's own or accepted in a comment, are not left to be done."""
    reported = {(finding.code, finding.at.file, finding.at.range.row) for finding in done.findings}
    left = sum((outcome.rule, outcome.file, outcome.row) in reported for outcome in result.left)
    if wrong := internal_errors(done.findings):
        return ended(ExitCode.ERROR, wrong, given)
    if written and left:
        return ended(ExitCode.FINDINGS, f"{remain(left)} that no codemod could mend", given)
    if result.changes and not written:
        return ended(ExitCode.FINDINGS, f"{counted(len(result.changes), 'file')} would change", given)
    return Ending(ExitCode.CLEAN)


def _wanted(done: Run, settings: Settings, given: dict[str, Any]) -> Callable[[Spot], bool]:
    """Whether a place is asked for. What the baseline knows is not, unless it is to be included."""
    from sessionlint import rewrite

    known = set() if given["include_baselined"] else {(finding.at, finding.code) for finding in done.baselined}
    if given["phase"] is None:
        return lambda spot: done.files[spot.file].reported and (spot.about.at, spot.code) not in known
    made = rewrite.plan(done.program, settings, done.sources, lambda file: done.files[file].reported)
    if given["phase"] > len(made.phases):
        raise click.BadParameter(f"the plan has {len(made.phases)} phases", param_hint="'--phase'")
    sites = {(site.file, site.row) for site in made.sites if site.phase == given["phase"]}
    return lambda spot: (spot.file, spot.row) in sites and (spot.about.at, spot.code) not in known
