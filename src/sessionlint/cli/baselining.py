"""The baseline that a command is to work with: the options that name it, and what is in it. Entry point: `baseline_of`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sessionlint.baseline import Baseline
    from sessionlint.config import Settings

Function = TypeVar("Function", bound=Callable[..., Any])

THE_ONE = "\0"
"""The value of `--baseline` without one: no file is called so."""


def baseline_options(function: Function) -> Function:
    """`--baseline [FILE]`, `--no-baseline` and `--include-baselined`."""
    named = click.option(
        "--baseline",
        is_flag=False,
        flag_value=THE_ONE,
        metavar="[FILE]",
        help="Leave alone what is in the baseline; without FILE the configured one, or sessionlint-baseline.json in the project root, "
        "which is used unasked if it is there.",
    )
    included = click.option("--include-baselined", is_flag=True, help="Change code as well whose findings are in the baseline.")
    return named(click.option("--no-baseline", is_flag=True, help="Use no baseline.")(included(function)))


def named_baseline(given: Mapping[str, Any]) -> str | None:
    """What the command line says of the baseline: a path, empty for none, None if it says nothing or leaves it to the configuration."""
    value: str | None = given.get("baseline")
    if given.get("no_baseline"):
        if value is not None:
            raise click.UsageError("`--baseline` and `--no-baseline` exclude each other")
        return ""
    if value is None or value == THE_ONE:
        return None
    if not value or os.path.isdir(value) or value.endswith((".py", ".pyi")):
        raise click.BadParameter(f"`{value}` is no baseline; PATHS go in front of `--baseline`", param_hint="'--baseline'")
    return os.path.abspath(value)


def baseline_of(settings: Settings, given: Mapping[str, Any]) -> Baseline | None:
    """The baseline that the options and the settings name, or the one that is just there; None for none. One that is named has to exist."""
    from sessionlint.baseline import place_of

    path = place_of(settings)
    is_named = bool(settings.baseline) or given.get("baseline") is not None
    if path is None or not (is_named or os.path.lexists(path)):
        return None
    from sessionlint.baseline import load

    return load(path, settings)
