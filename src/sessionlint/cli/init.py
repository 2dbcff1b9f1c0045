"""`sessionlint init`: look at the project, and write a configuration with the evidence for what it says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sessionlint.cli.exit_codes import Ending, ExitCode, counted, ended
from sessionlint.cli.given import is_quiet
from sessionlint.cli.options import file_options, run_options, settings_from
from sessionlint.cli.printing import told
from sessionlint.cli.running import analysed
from sessionlint.source import SessionlintError

if TYPE_CHECKING:
    from sessionlint.config import Settings
    from sessionlint.config.placing import NewContent
    from sessionlint.survey import Survey

HOOK = """\
- repo: {homepage}
  rev: v{version}
  hooks:
  - id: sessionlint
"""


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--diff", is_flag=True, help="Print what would be written as a diff, write nothing, exit with 1 if there is anything.")
@click.option(
    "--ruff/--no-ruff",
    default=None,
    help='Add `external = ["SES"]` to ruff\'s configuration, or do not; without either, ask on a terminal. `--ruff` goes with a '
    "configuration that is there already, which stays as it is.",
)
@file_options
@run_options
def init(path: Path, diff: bool, ruff: bool | None, **given: Any) -> Ending:
    """Look at the project and write a configuration, each setting with what was found for it.

    PATH is the project's directory. What hands out sessions, scopes, decorators, keys and names are found by what they do, not by how they
    are called. The configuration goes into `pyproject.toml`, or, where there is none, into `sessionlint.toml`. One that exists is never
    overwritten.
    """
    from sessionlint.config.locate import shown_path
    from sessionlint.config.placing import write_all
    from sessionlint.report.configuration import report_patch

    if not path.is_dir():
        raise SessionlintError("is not a directory" if path.exists() else "does not exist", file=str(path))
    settings = settings_from([path], given)
    contents: list[NewContent] = []
    quiet = is_quiet(given)
    if settings.source is None:
        contents.append(_configuration(path, settings, given))
    elif not ruff:
        hint = "change it, or remove it first; `--ruff` alone goes with it"
        raise SessionlintError("there is a configuration already", file=shown_path(settings.source), hint=hint)
    _add_ruff(contents, settings.root, asked=ruff, may_ask=not (quiet or diff))
    if diff:
        report_patch(contents, settings.root, sys.stdout)
        why = f"{counted(len(contents), 'file')} would be written"
        return ended(ExitCode.FINDINGS, why, given) if contents else Ending(ExitCode.CLEAN)
    write_all(contents)
    if not quiet:
        _tell(contents, settings)
    return Ending(ExitCode.CLEAN)


def _configuration(path: Path, settings: Settings, given: dict[str, Any]) -> NewContent:
    from sessionlint.config.placing import TABLE, configuration_file, placed
    from sessionlint.report.configuration import configuration_text

    target = configuration_file(settings.root)
    table = TABLE if target.name == "pyproject.toml" else ""
    placed(target, f"[{table}]\n" if table else "")  # what cannot be written is said before the work
    return placed(target, configuration_text(_surveyed(path, settings, given), table))


def _surveyed(path: Path, settings: Settings, given: dict[str, Any]) -> Survey:
    from sessionlint.survey import survey

    done = analysed([path], settings, given, needs_program=True)
    if given["verbose"]:
        click.echo(told(done), err=True)
    return survey(done.program, done.events, settings)


def _add_ruff(contents: list[NewContent], root: Path, *, asked: bool | None, may_ask: bool) -> None:
    """Put what ruff has to know into `contents`, behind what is to be written into the same file, if that is wanted."""
    from sessionlint.config.locate import shown_path
    from sessionlint.config.placing import NewContent
    from sessionlint.config.ruff import OURS, ruff_of, with_external
    from sessionlint.report.printable import printable

    found = None if asked is False else ruff_of(root)
    if found is None or found.spares(OURS):
        return
    if asked is None and not (may_ask and all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))):
        if may_ask:
            click.echo(
                f"{printable(shown_path(found.file))}: `lint.external` does not name {OURS}; `sessionlint init --ruff` adds it", err=True
            )
        return
    question = f'Add `external = ["{OURS}"]` to {printable(shown_path(found.file))}, so that ruff leaves `# noqa: {OURS}101` alone?'
    if asked is None and not click.confirm(question, default=True):
        return
    same = next((new for new in contents if new.path.resolve() == found.file.resolve()), None)
    before = same.before if same is not None else found.file.read_bytes()
    after = with_external(found, same.after if same is not None else before or b"")
    contents[:] = [*(new for new in contents if new is not same), NewContent(found.file, before, after)]


def _tell(contents: list[NewContent], settings: Settings) -> None:
    from sessionlint import __version__
    from sessionlint.check import HOMEPAGE
    from sessionlint.config.locate import shown_path
    from sessionlint.report.printable import printable

    for new in contents:
        what = "written" if new.before is None else "extended"
        click.echo(f"{what} {printable(shown_path(new.path))}")
    if settings.source is not None:
        if not contents:
            click.echo("nothing had to be written")
        return
    click.echo("\nNext:\n  sessionlint check             what there is to find")
    click.echo("  sessionlint baseline create   begin with what is there, and report only what is new")
    click.echo("\nFor pre-commit, in `.pre-commit-config.yaml` below `repos:`\n")
    click.echo(HOOK.format(homepage=HOMEPAGE, version=__version__), nl=False)
