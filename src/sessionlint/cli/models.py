"""`sessionlint models`: the mapped classes of a program and how what they hold is loaded."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import click

from sessionlint.cli.exit_codes import ExitCode
from sessionlint.cli.options import file_options, format_option, paths_argument, run_options, settings_from
from sessionlint.cli.running import analysed


@click.command()
@paths_argument
@format_option("table", "json", "mermaid")
@file_options
@run_options
def models(paths: tuple[Path, ...], output: str, **given: Any) -> ExitCode:
    """Show the models: relationships with their targets and loading strategies, deferred columns, hybrids, association proxies.

    PATHS choose the files whose models are shown; the program that is analysed is always the whole project around them.
    """
    from sessionlint.report.models import report_models

    paths = paths or (Path(),)
    settings = settings_from(paths, given)
    done = analysed(paths, settings, given, only_link=True)
    if not given["silent"]:
        report_models(done, output, sys.stdout, width=shutil.get_terminal_size((120, 24)).columns)
    return ExitCode.CLEAN
