"""`sessionlint explain`: the story behind the findings on a line."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sessionlint.cli.baselining import baseline_of
from sessionlint.cli.exit_codes import Ending, ExitCode, ended, internal_errors
from sessionlint.cli.options import file_options, run_options, selection_options, settings_from
from sessionlint.cli.running import analysed
from sessionlint.source import Location, Range

if TYPE_CHECKING:
    from sessionlint.pipeline import Run


@click.command()
@click.argument("place", metavar="FILE:LINE")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How it is printed.")
@selection_options
@file_options
@run_options
def explain(place: str, output_format: str, **given: Any) -> Ending:
    """Tell the story behind the findings on a line, as a tree: query, end of the session, calls, read, and what would help.

    FILE:LINE may be followed by a column. Every rule is asked, and findings that `check` does not report are told with the reason. The exit
    status is 0, whether there is a finding or not.
    """
    from sessionlint.check import assess
    from sessionlint.report import is_colored
    from sessionlint.report.explanation import report_explanation

    path, row, column = _place(place)
    settings = settings_from((path,), {**given, "output_format": None})
    done = analysed((path,), settings, given, needs_program=True, baseline=baseline_of(settings, given))
    file = _file(done, path, row)
    known = {(finding.at, finding.code) for finding in done.baselined}
    if not given["silent"]:
        report_explanation(
            done,
            Location(file, Range(row, column, row, column)),
            [replace(each, is_known=(each.finding.at, each.finding.code) in known) for each in assess(done.program, done.events, settings)],
            output_format,
            sys.stdout,
            width=shutil.get_terminal_size((120, 24)).columns,
            colored=is_colored(given["color"], sys.stdout),
        )
    if wrong := internal_errors(done.findings):
        return ended(ExitCode.ERROR, wrong, given)
    return Ending(ExitCode.CLEAN)


def _place(text: str) -> tuple[Path, int, int]:
    """`FILE:LINE` or `FILE:LINE:COLUMN`, taken apart; a column of 0 stands for the whole line."""
    parts = text.rsplit(":", 2)
    if len(parts) == 3 and parts[1].isdigit() and not Path(text.rpartition(":")[0]).exists():
        name, row, column = parts
    else:
        name, _, row = text.rpartition(":")
        column = "0"
    if not (name and row.isdigit() and column.isdigit()):
        raise click.BadParameter(f"`{text}` is not of the form `FILE:LINE` or `FILE:LINE:COLUMN`", param_hint="'FILE:LINE'")
    path = Path(name)
    if not path.is_file():
        raise click.BadParameter(f"there is no file `{name}`", param_hint="'FILE:LINE'")
    return path, int(row), int(column)


def _file(done: Run, path: Path, row: int) -> str:
    """The name of the file in the run, which has that line."""
    wanted = Path(os.path.abspath(path))
    name = next((name for name, file in done.files.items() if file.path == wanted or file.path.resolve() == wanted.resolve()), "")
    if not name:
        raise click.BadParameter(f"`{path}` is not analysed: it is excluded, or neither Python nor a template", param_hint="'FILE:LINE'")
    rows = len(done.sources.get(name, b"").splitlines())
    if not 0 < row <= rows:
        raise click.BadParameter(f"`{path}` has {rows} lines, there is no line {row}", param_hint="'FILE:LINE'")
    return name
