"""`sessionlint check`: run the analysis over the program, report what the rules found in PATHS."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sessionlint.cli.advice import advise, warn_of_reserved
from sessionlint.cli.baselining import baseline_of, baseline_options
from sessionlint.cli.comparing import against, compare_options
from sessionlint.cli.exit_codes import Ending, ExitCode, counted, ended, internal_errors, remain
from sessionlint.cli.fixing import fixed, is_fixing
from sessionlint.cli.given import is_quiet
from sessionlint.cli.ignoring import ignore_options, ignored, is_ignoring, refuse_beside_ignoring
from sessionlint.cli.options import file_options, fix_options, paths_argument, run_options, selection_options, settings_from
from sessionlint.cli.outputs import listed, output_options, outputs
from sessionlint.cli.printing import print_findings, told
from sessionlint.cli.projects import each_project, refuse_documents, together
from sessionlint.cli.running import analysed
from sessionlint.cli.watching import refuse_beside_watching, watch_option, watching

if TYPE_CHECKING:
    from sessionlint.config import Settings
    from sessionlint.pipeline import Run, Stdin


@click.command()
@paths_argument
@selection_options
@file_options
@baseline_options
@compare_options
@output_options
@fix_options
@ignore_options
@click.option("--statistics", is_flag=True, help="Print how many findings each rule made instead of the findings.")
@click.option("--show-files", is_flag=True, help="Print the files that would be reported on, and stop.")
@click.option("--show-settings", is_flag=True, help="Print the settings with where each was set, and stop.")
@click.option("--stdin-filename", metavar="FILE", help="What standard input is called when PATHS is `-`.")
@watch_option
@click.option("-e", "--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@run_options
def check(paths: tuple[Path, ...], **given: Any) -> Ending:
    """Find misuse of SQLAlchemy sessions.

    PATHS choose what is reported; the program that is analysed is always the whole project around them.
    """
    has_paths = bool(paths)
    paths, stdin = _inputs(paths, given["stdin_filename"])
    refuse_beside_ignoring(stdin, given)
    given["against"] = against(given, stdin, has_paths=has_paths)
    if given["watch"]:
        refuse_beside_watching(given, is_stdin=stdin is not None)
        watching({settings_from(group, given).root for group in each_project(paths, given)}, lambda: _all(paths, given))
    if stdin:
        return _checked(paths, settings_from([Path(stdin.name)], given), stdin, given)
    return _all(paths, given)


def _all(paths: tuple[Path, ...], given: dict[str, Any]) -> Ending:
    """A run for each project that the paths belong to."""
    projects = [(group, settings_from(group, given)) for group in each_project(paths, given)]
    refuse_documents([settings for _, settings in projects], given)
    if not (given["show_settings"] or given["show_files"]):
        for _, settings in projects:  # what the last of them cannot do is said before the first has changed a file
            outputs(given, settings)
    return together([(settings, _checked(group, settings, None, given)) for group, settings in projects])


def _checked(paths: tuple[Path, ...], settings: Settings, stdin: Stdin | None, given: dict[str, Any]) -> Ending:
    """One run, for paths that one configuration governs."""
    if given["show_settings"]:
        from sessionlint.cli.show_settings import shown
        from sessionlint.discover import discover

        if stdin is None:
            discover(paths, settings)  # raises for a path that does not exist
        click.echo(shown(settings, listed("--show-settings", settings)))
        return Ending(ExitCode.CLEAN)
    if given["show_files"]:
        return _show_files(paths, settings)
    from sessionlint.report import has_summary, shows_fixes

    wanted, quiet, fixing = outputs(given, settings), is_quiet(given), is_fixing(settings, given)
    if not quiet:
        warn_of_reserved(settings)
    baseline = baseline_of(settings, given)
    is_shown = given["statistics"] or any(shows_fixes(output.format) for output in wanted)
    done = analysed(
        paths,
        settings,
        given,
        stdin=stdin,
        needs_program=fixing or is_ignoring(given),
        with_offers=is_shown and not (fixing or is_ignoring(given)),
        baseline=baseline,
        against=given["against"],
    )
    if is_ignoring(given):
        return ignored(done, wanted, given)
    if fixing:
        is_told = any(output.path is None and has_summary(output.format) for output in wanted)
        done = fixed(done, stdin, given, is_told=is_told)
        if is_shown:
            from sessionlint.pipeline import with_offers

            done = with_offers(done)
    print_findings(done, wanted, given, to_stderr=stdin is not None and fixing)
    if not (quiet or stdin):
        advise(done, is_isolated=given["isolated"])
    if given["verbose"]:
        click.echo(told(done), err=True)
    return _ending(done, given)


def _inputs(paths: tuple[Path, ...], stdin_filename: str | None) -> tuple[tuple[Path, ...], Stdin | None]:
    """The paths to analyse, and standard input if that is what `-` (or `--stdin-filename` alone) asks for."""
    if "-" not in map(str, paths) and not (stdin_filename and not paths):
        if stdin_filename:
            raise click.UsageError("`--stdin-filename` goes with `-` in place of PATHS")
        return paths or (Path(),), None
    if len(paths) > 1:
        raise click.UsageError("`-` cannot be combined with other paths")
    from sessionlint.pipeline import Stdin

    return (), Stdin(stdin_filename or "-", sys.stdin.buffer.read())


def _show_files(paths: tuple[Path, ...], settings: Settings) -> Ending:
    from sessionlint.discover import discover
    from sessionlint.report.printable import printable, representable

    found = [str(file.path) for file in discover(paths, settings) if file.reported]
    if listed("--show-files", settings) == "json":
        import json

        click.echo(json.dumps([representable(path) for path in found], indent=2))
    else:
        click.echo("".join(f"{printable(path)}\n" for path in found), nl=False)
    return Ending(ExitCode.CLEAN)


def _ending(done: Run, given: dict[str, Any]) -> Ending:
    left = len(done.findings)
    if wrong := internal_errors(done.findings):
        return ended(ExitCode.ERROR, wrong, given)
    if given["exit_zero"]:
        return Ending(ExitCode.CLEAN)
    if done.fixed and given["diff"]:
        return ended(ExitCode.FINDINGS, f"{counted(done.fixed, 'finding')} would be fixed", given)
    if done.fixed and given["exit_non_zero_on_fix"]:
        return ended(ExitCode.FINDINGS, f"{counted(done.fixed, 'finding')} fixed, {remain(left)}", given)
    if left and not (done.settings.fixes.fix_only or given["diff"]):
        return ended(ExitCode.FINDINGS, remain(left), given)
    return Ending(ExitCode.CLEAN)
