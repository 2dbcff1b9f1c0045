"""What a command was given: questions about its options that several modules ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click
from click.core import ParameterSource


def refuse_together(option: str, others: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise click's `UsageError` for one of the `others`, named as parameters are, beside an option that is there."""
    for name in others:
        if given.get(name) not in (None, False, ()):
            raise click.UsageError(f"`{option}` cannot be used with `--{name.replace('_', '-')}`")


def is_typed(parameter: str) -> bool:
    """Whether an option was given on the command line: what the environment or a file says holds for all runs, useful or not."""
    return click.get_current_context().get_parameter_source(parameter) is ParameterSource.COMMANDLINE


def is_quiet(given: Mapping[str, Any]) -> bool:
    """Whether only findings are wanted, or not even those."""
    return bool(given["quiet"] or given["silent"])
