"""`check --add-ignore` and `--add-noqa`: comments for what is found, in place of the report. Entry point: `ignored`."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sessionlint.cli.exit_codes import Ending, ExitCode, counted, ended, internal_errors, remain
from sessionlint.cli.given import is_quiet, refuse_together
from sessionlint.cli.options import Function
from sessionlint.cli.printing import print_findings

if TYPE_CHECKING:
    from sessionlint.cli.outputs import Output
    from sessionlint.pipeline import Run, Stdin

_OTHERS = (
    "staged",
    "fix",
    "fix_only",
    "unsafe_fixes",
    "show_fixes",
    "exit_non_zero_on_fix",
    "statistics",
    "show_files",
    "show_settings",
    "output_file",
)
_BREAKS = re.compile(r"[\r\n]|(?:^|\s)#\s*[A-Za-z]|#\}")
"""What would end a comment, or begin another one in it."""


def ignore_options(function: Function) -> Function:
    """`--add-ignore` and `--add-noqa`, with a reason or without one."""
    for name, what in (("--add-noqa", "`# noqa: CODES`"), ("--add-ignore", "`# sessionlint: ignore[CODES]`")):
        option = click.option(
            name,
            is_flag=False,
            flag_value="",
            default=None,
            metavar="[REASON]",
            callback=_reason,
            help=f"Add {what} comments for all that is found in place of reporting it, with this reason if there is one.",
        )
        function = option(function)
    return function


def _reason(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The reason, which can be one; a path behind the option is none."""
    if value is None:
        return None
    if _BREAKS.search(value):
        raise click.BadParameter("a reason is one line in which no other comment begins", ctx, param)
    if value and Path(value).exists():
        named = f"{param.opts[0]}=REASON"
        raise click.BadParameter(f"`{value}` is a path and no reason; paths come first, or the reason is written `{named}`", ctx, param)
    return value.strip()


def is_ignoring(given: Mapping[str, Any]) -> bool:
    """Whether comments are to be added."""
    return given["add_ignore"] is not None or given["add_noqa"] is not None


def refuse_beside_ignoring(stdin: Stdin | None, given: Mapping[str, Any]) -> None:
    """Raise click's `UsageError` for what makes no sense together with one of the two options."""
    if not is_ignoring(given):
        return
    option = "--add-noqa" if given["add_ignore"] is None else "--add-ignore"
    if given["add_ignore"] is not None and given["add_noqa"] is not None:
        raise click.UsageError("`--add-ignore` and `--add-noqa` exclude each other")
    if stdin is not None:
        raise click.UsageError(f"`{option}` changes files, standard input is none")
    refuse_together(option, _OTHERS, given)


def ignored(done: Run, outputs: Sequence[Output], given: dict[str, Any]) -> Ending:
    """Add the comments (with `--diff`, print what would change); report what no comment can silence, in a text if there is any."""
    from sessionlint import rewrite
    from sessionlint.report import has_summary
    from sessionlint.report.patch import write_patch

    is_noqa = given["add_ignore"] is None
    reason = given["add_noqa"] if is_noqa else given["add_ignore"]
    added = rewrite.suppress(done.program, done.sources, done.findings, reason=reason, is_noqa=is_noqa)
    if given["diff"]:
        write_patch(added.changes, done.settings.root, sys.stdout)
    else:
        rewrite.write(done.settings.root, list(added.changes))
    what = "noqa directive" if is_noqa else "ignore comment"
    if not is_quiet(given):
        click.echo(f"{'Would add' if given['diff'] else 'Added'} {counted(added.number, what)}.", err=True)
    if added.left or not all(has_summary(output.format) and output.path is None for output in outputs):
        sources = {**done.sources, **{change.name: change.after for change in added.changes}}
        print_findings(replace(done, findings=added.left, sources=sources), outputs, given)
    if wrong := internal_errors(done.findings):
        return ended(ExitCode.ERROR, wrong, given)
    if given["exit_zero"]:
        return Ending(ExitCode.CLEAN)
    if given["diff"] and added.number:
        return ended(ExitCode.FINDINGS, f"{counted(added.number, what)} would be added", given)
    if added.left:
        return ended(ExitCode.FINDINGS, f"{remain(len(added.left))} that no comment can silence", given)
    return Ending(ExitCode.CLEAN)
