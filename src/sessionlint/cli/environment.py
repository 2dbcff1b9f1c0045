"""Which environment variable is to blame for a value that does not do, so that the message can name it. Entry points: `blamed`,
`blamed_by_click`."""

from __future__ import annotations

import os

import click
from click.core import ParameterSource

from sessionlint.source import SessionlintError

VARIABLE = "_SESSIONLINT_COMPLETE"
"""By which a shell asks click what could come next."""

_VALUES = ("SESSIONLINT_OUTPUT_FORMAT", "SESSIONLINT_OUTPUT_FILE", "SESSIONLINT_CACHE_DIR")


def blamed(error: SessionlintError) -> str:
    """What to add to the message of an error about a value that a variable holds; empty for one about anything else."""
    for name in _VALUES:
        value = os.environ.get(name, "")
        if value and (error.file == value or f"`{value}`" in error.message or f"`{os.path.abspath(value)}`" in error.message):
            return _from(name)
    return ""


def blamed_by_click(error: click.ClickException) -> str:
    """The same for a value that click could not convert."""
    parameter, context = getattr(error, "param", None), getattr(error, "ctx", None)
    if parameter is None or context is None or not isinstance(parameter.envvar, str):
        return ""
    is_from_variable = context.get_parameter_source(parameter.name) is ParameterSource.ENVIRONMENT
    return _from(parameter.envvar) if is_from_variable else ""


def _from(name: str) -> str:
    return f" (from the environment variable `{name}`)"
