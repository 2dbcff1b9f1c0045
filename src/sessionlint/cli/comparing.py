"""`check --since` and `--affected`: what findings are compared with. Entry points: `compare_options`, `against`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from sessionlint.cli.given import is_typed
from sessionlint.cli.options import Function
from sessionlint.cli.projects import is_hook

if TYPE_CHECKING:
    from sessionlint.pipeline import Against, Stdin


def compare_options(function: Function) -> Function:
    """`--since`, `--affected` and `--staged`."""
    function = click.option("--staged", is_flag=True, help="Look at what is in git's index, instead of what is on the disk.")(function)
    function = click.option(
        "--affected/--no-affected",
        default=None,
        envvar="SESSIONLINT_AFFECTED",
        help="Report as well, in other files, what is new since HEAD and was caused by PATHS (default under pre-commit).",
    )(function)
    return click.option(
        "--since",
        metavar="REV",
        help="Report only what changed lines since a git revision hold or cause; `REV...` is where HEAD branched off from it.",
    )(function)


def against(given: Mapping[str, Any], stdin: Stdin | None, *, has_paths: bool) -> Against | None:
    """What the options compare with; None where everything is reported. `has_paths` says that PATHS were given."""
    since, affected = given["since"], given["affected"]
    if stdin is not None:
        _refuse(since is not None, "--since")
        _refuse(given["staged"], "--staged")
        _refuse(bool(affected) and is_typed("affected"), "--affected")
        return None
    if since is not None and not since.strip():
        raise click.BadParameter("a revision is needed, such as `origin/main...`", param_hint="'--since'")
    if affected is None:  # the entry of a hook stays as it is, so that `args` cannot lose this
        affected = is_hook() and has_paths
    if since is None and not affected and not given["staged"]:
        return None
    from sessionlint.pipeline import Against

    return Against(since or "", affected, given["staged"], _base())


def _base() -> str:
    """The commit before: HEAD but where pre-commit looks at commits that are there already, before a push or with `--from-ref`.

    The names that it passes are then what changed since the commit that both have in common.
    """
    earlier = os.environ.get("PRE_COMMIT_FROM_REF") if is_hook() else None
    return f"{earlier}..." if earlier else "HEAD"


def _refuse(is_given: bool, option: str) -> None:
    if is_given:
        raise click.UsageError(f"`{option}` compares files, and cannot be combined with standard input")
