"""`--executor`: who parses, where it is not processes of this machine. Entry points: `workers_options`, `workers_of`.

It names code to import, and so it is an option and a variable of whoever runs sessionlint, never a key in the configuration of the project
that is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sessionlint.pipeline.executors import ExecutorName
    from sessionlint.pipeline.workers import Jobs

Function = TypeVar("Function", bound=Callable[..., Any])


def _named(ctx: click.Context, param: click.Parameter, value: str | None) -> ExecutorName | None:
    if value is None:
        return None
    from sessionlint.pipeline.executors import executor_named

    try:
        return executor_named(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def workers_options(function: Function) -> Function:
    """`--jobs` and `--executor`."""
    function = click.option(
        "--executor",
        callback=_named,
        envvar="SESSIONLINT_EXECUTOR",
        metavar="NAME",
        help="Who parses: `dask[:ADDRESS]`, `ray[:ADDRESS]`, or `package.module:factory` of a `concurrent.futures` executor.",
    )(function)
    return click.option(
        "-j", "--jobs", type=click.IntRange(0), default=0, metavar="N", help="Processes to parse with (default: all processors)."
    )(function)


def workers_of(given: Mapping[str, Any]) -> Jobs:
    """Who captures for a command that was given these options."""
    executor: ExecutorName | None = given["executor"]
    if executor is None:
        return int(given["jobs"])
    return replace(executor, jobs=given["jobs"])


def refuse_jobs_beside_executor(given: Mapping[str, Any]) -> None:
    """Raise `click.UsageError` if `--jobs` is to say how many workers there are where that is not ours to say."""
    executor: ExecutorName | None = given.get("executor")
    if executor and given.get("jobs") and not executor.is_local:
        raise click.UsageError(f"`--jobs` cannot be used with the executor `{executor}`, whose number of workers is its own")
