"""From `sys.argv` to an exit status: every way in which a command can end, and what is said of it."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

import click

from sessionlint import __version__
from sessionlint.cli.exit_codes import ExitCode
from sessionlint.cli.group import group
from sessionlint.source import SessionlintError


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command that `arguments` (by default those of the process) name, and exit with its status."""
    status = _status(list(sys.argv[1:] if arguments is None else arguments))
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    sys.exit(int(status))


def _status(arguments: list[str]) -> ExitCode | int:
    try:
        result = group.main(arguments, prog_name="sessionlint", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:  # click itself would exit with 1 for some of them
        error.show()
        return ExitCode.ERROR
    except SessionlintError as error:
        click.echo(f"sessionlint: error: {error}", err=True)
        return ExitCode.ERROR
    except (click.Abort, KeyboardInterrupt):
        click.echo("sessionlint: interrupted", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        discard_stdout()
        return ExitCode.FINDINGS
    except Exception as error:
        _explain_crash(error, arguments)
        return ExitCode.ERROR
    return result if isinstance(result, int) else ExitCode.CLEAN


def discard_stdout() -> None:
    """Nobody reads standard output any more: send the rest of it nowhere, so that the interpreter does not complain on its way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _explain_crash(error: Exception, arguments: list[str]) -> None:
    """An error nobody expected: what it was and how to report it; where it was only under `--verbose`."""
    is_verbose = bool({"-v", "--verbose"} & set(arguments))
    if is_verbose:
        traceback.print_exc()
    click.echo(f"sessionlint: internal error: {type(error).__name__}: {error}", err=True)
    click.echo(
        f"This is a fault of sessionlint {__version__}, not of your code. Please report it with the output of\n"
        f"`{' '.join(('sessionlint', *arguments, *(() if is_verbose else ('--verbose',))))}`.",
        err=True,
    )
