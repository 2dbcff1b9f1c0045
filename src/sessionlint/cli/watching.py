"""`check --watch`: again whenever a file of the project changes, until Ctrl-C. Entry points: `watch_option`, `watching`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import click

from sessionlint.cli.given import refuse_together
from sessionlint.cli.options import Function
from sessionlint.source import SessionlintError

PAUSE = 100
"""Milliseconds after which the watch looks up to see whether it is to end."""

_OTHERS = ("diff", "show_files", "show_settings", "add_ignore", "add_noqa")
_CONFIGURATION = frozenset({".sessionlint.toml", "sessionlint.toml", "pyproject.toml", ".gitignore"})


def watch_option(function: Function) -> Function:
    """`--watch`."""
    return click.option("-w", "--watch", is_flag=True, help="Run again whenever a file changes; ends with Ctrl-C.")(function)


def refuse_beside_watching(given: Mapping[str, Any], *, is_stdin: bool) -> None:
    """Raise `click.UsageError` for what is done once or not at all."""
    if is_stdin:
        raise click.UsageError("`--watch` cannot be used with `-`")
    refuse_together("--watch", _OTHERS, given)


def watching(roots: Iterable[Path], run: Callable[[], object]) -> NoReturn:
    """Call `run` now and after every change beneath `roots`; what is wrong with the configuration in between is said, and ends nothing.

    Raises `SessionlintError` without the library that watches, and `KeyboardInterrupt` at the end.
    """
    try:
        from watchfiles import DefaultFilter, watch
    except ImportError:
        raise SessionlintError("`--watch` needs the package `watchfiles`", hint="pip install 'sessionlint[watch]'") from None
    from sessionlint.discover import is_relevant

    usual = DefaultFilter()
    changes = watch(
        *roots,
        watch_filter=lambda change, path: usual(change, path) and _matters(path, is_relevant),
        rust_timeout=PAUSE,
        yield_on_timeout=True,
        raise_interrupt=True,
    )
    next(changes)  # from now on nothing is missed, whatever changes during a run
    _run(run)
    for found in changes:
        if found:
            _run(run)
    raise KeyboardInterrupt  # the watch was stopped


def _matters(path: str, is_relevant: Callable[[str], bool]) -> bool:
    name = os.path.basename(path)
    return is_relevant(name) or name in _CONFIGURATION


def _run(run: Callable[[], object]) -> None:
    from sessionlint.report.printable import printable

    click.clear()  # on a terminal alone
    try:
        run()
    except SessionlintError as error:
        click.echo(printable(f"sessionlint: error: {error}"), err=True)
    click.echo("Watching for file changes.", err=True)
