"""`sessionlint plan`: the migration's current state, file by file and phase by phase."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from sessionlint.cli.baselining import baseline_of, baseline_options
from sessionlint.cli.exit_codes import Ending, ExitCode, ended, remain
from sessionlint.cli.options import file_options, format_option, paths_argument, run_options, settings_from
from sessionlint.cli.running import analysed


@click.command()
@paths_argument
@format_option("table", "json", "markdown")
@click.option("--check", "fail", is_flag=True, help="Exit with 1 while any direct acquisition is left that SES101 reports.")
@file_options
@baseline_options
@run_options
def plan(paths: tuple[Path, ...], output: str, fail: bool, **given: Any) -> Ending:
    """Show the state of the migration: direct session acquisitions, what each becomes, and what cannot be migrated and why.

    PATHS choose the files that are planned; the program that is analysed is always the whole project around them.
    """
    from sessionlint.pipeline import known_acquisitions
    from sessionlint.report.plan import report_plan
    from sessionlint.rewrite import plan as make_plan

    paths = paths or (Path(),)
    settings = settings_from(paths, given)
    baseline = None if given["include_baselined"] else baseline_of(settings, given)
    done = analysed(paths, settings, given, only_link=True)
    known = known_acquisitions(done, baseline) if baseline is not None else frozenset()
    made = make_plan(done.program, settings, done.sources, lambda file: done.files[file].reported, known)
    if not given["silent"]:
        report_plan(made, output, sys.stdout)
    left = sum(not site.is_accepted for site in made.sites)
    if fail and left:
        return ended(ExitCode.FINDINGS, remain(left, "direct acquisition"), given)
    return Ending(ExitCode.CLEAN)
