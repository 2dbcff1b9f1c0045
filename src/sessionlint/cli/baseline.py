"""`sessionlint baseline`: write, renew, shrink and show the list of findings that `check` is to know already."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sessionlint.cli.exit_codes import Ending, ExitCode, counted, ended, internal_errors
from sessionlint.cli.options import file_options, format_option, paths_argument, run_options, selection_options, settings_from
from sessionlint.cli.running import analysed
from sessionlint.source import SessionlintError

if TYPE_CHECKING:
    from sessionlint.baseline import Compared, Update
    from sessionlint.config import Settings
    from sessionlint.pipeline import Run

FILE = click.option(
    "--baseline", metavar="FILE", help="The baseline, if it is not the configured one or sessionlint-baseline.json in the project root."
)


@click.command(cls=click.Group)
def baseline() -> None:
    """Keep a list of findings that `check` does not report.

    A codebase can be linted from today on: what is there now is written down and left alone, what comes new is reported.
    """


@baseline.command()
@paths_argument
@click.option("--force", is_flag=True, help="Replace a baseline that is there.")
@FILE
@selection_options
@file_options
@run_options
def create(paths: tuple[Path, ...], force: bool, **given: Any) -> Ending:
    """Write all findings into a new baseline."""
    from sessionlint.baseline import created
    from sessionlint.config.locate import shown_path

    settings, path = _settings(paths, given)
    if os.path.lexists(path) and not force:
        hint = "`baseline update` renews it, `--force` replaces it"
        raise SessionlintError("there is a baseline already", file=shown_path(path), hint=hint)
    done = _run(paths, settings, given, path, is_new=True)
    return _finished(done, created(_compared(done)), given)


@baseline.command()
@paths_argument
@click.option("--allow-new", is_flag=True, help="Take new findings into the baseline, too.")
@FILE
@selection_options
@file_options
@run_options
def update(paths: tuple[Path, ...], allow_new: bool, **given: Any) -> Ending:
    """Renew the baseline: stale entries go, the others are brought up to date.

    New findings are named and left out, with exit status 1, unless `--allow-new` takes them in.
    """
    from sessionlint.baseline import updated

    settings, path = _settings(paths, given)
    done = _run(paths, settings, given, path)
    return _finished(done, updated(_compared(done), allow_new=allow_new), given)


@baseline.command()
@paths_argument
@FILE
@selection_options
@file_options
@run_options
def prune(paths: tuple[Path, ...], **given: Any) -> Ending:
    """Remove stale entries from the baseline, and change nothing else."""
    from sessionlint.baseline import pruned

    settings, path = _settings(paths, given)
    done = _run(paths, settings, given, path)
    return _finished(done, pruned(_compared(done)), given)


@baseline.command()
@format_option("text", "json")
@FILE
@run_options
def show(output: str, **given: Any) -> Ending:
    """List the entries of the baseline, and how many there are of each rule. Nothing is analysed."""
    from sessionlint.baseline import load
    from sessionlint.report.baseline import report_baseline

    settings, path = _settings((), given)
    report_baseline(load(path, settings), output, sys.stdout)
    return Ending(ExitCode.CLEAN)


def _settings(paths: tuple[Path, ...], given: dict[str, Any]) -> tuple[Settings, Path]:
    from sessionlint.baseline import DEFAULT_NAME, place_of

    settings = settings_from(paths or (Path(),), given)
    return settings, place_of(settings) or settings.root / DEFAULT_NAME


def _run(paths: tuple[Path, ...], settings: Settings, given: dict[str, Any], path: Path, *, is_new: bool = False) -> Run:
    from sessionlint.baseline import Baseline, load, name_of

    known = Baseline(path, name_of(path, settings)) if is_new else load(path, settings)
    return analysed(paths or (Path(),), settings, given, baseline=known)


def _compared(done: Run) -> Compared:
    assert done.compared is not None, "the run was given a baseline"
    return done.compared


def _finished(done: Run, update: Update, given: dict[str, Any]) -> Ending:
    """Write the baseline and say what has become of it. After an internal error there is no telling what it should hold."""
    from sessionlint.baseline import save
    from sessionlint.report.baseline import report_update

    if wrong := internal_errors(done.findings):
        return ended(ExitCode.ERROR, f"{wrong}; the baseline stays as it is", given)
    save(update.baseline)
    if not given["silent"]:
        report_update(update, done, sys.stdout, quiet=given["quiet"])
    if update.left:
        return ended(
            ExitCode.FINDINGS, f"{counted(len(update.left), 'new finding')} not taken into the baseline without `--allow-new`", given
        )
    return Ending(ExitCode.CLEAN)
