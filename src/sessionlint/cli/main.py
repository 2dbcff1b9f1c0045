"""From `sys.argv` to an exit status: every way in which a command can end, and what is said of it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

import click

from sessionlint import __version__
from sessionlint.cli.environment import VARIABLE, blamed, blamed_by_click
from sessionlint.cli.exit_codes import Ending, ExitCode
from sessionlint.cli.group import group
from sessionlint.cli.streams import prepare
from sessionlint.source import SessionlintError


class _Terminated(BaseException):
    """Somebody wants the process to end; what is being written is taken back on the way. `signal` is what said so (see `__main__`)."""

    signal = signal.SIGTERM


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command that `arguments` name, and exit with its status.

    By default they are those of the process; then its streams and signals are ours to look after as well.
    """
    if arguments is None:
        prepare()
        _listen()
    ending = _ending(list(sys.argv[1:] if arguments is None else arguments))
    if arguments is None:
        _be_deaf()
    if ending.why:
        click.echo(f"sessionlint: {_shown(ending.why)}", err=True)
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    if ending.at_once and arguments is None:
        _end_soon(ending.status)
    sys.exit(int(ending.status))


def _ending(arguments: list[str]) -> Ending:
    """How the command ends; what goes wrong is said in the last line, in full."""
    try:
        result = group.main(arguments, prog_name="sessionlint", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:  # click itself would exit with 1 for some of them
        return Ending(ExitCode.ERROR, f"error: {_usage(error)}{blamed_by_click(error)}")
    except SessionlintError as error:
        return Ending(ExitCode.ERROR, f"error: {_in_a_line(error)}{blamed(error)}")
    except SystemExit as left:  # click leaves so when a shell has asked what there is
        return Ending(ExitCode.ERROR, f"error: `{VARIABLE}` holds no shell that there is") if left.code else Ending(ExitCode.CLEAN)
    except (click.Abort, KeyboardInterrupt):
        return Ending(ExitCode.INTERRUPTED, "interrupted", at_once=True)
    except _Terminated:
        return Ending(ExitCode.ERROR, "error: ended by SIGTERM", at_once=True)
    except Exception as error:
        return Ending(ExitCode.ERROR, _crash(error, arguments))
    ending = result if isinstance(result, Ending) else Ending(ExitCode(result) if isinstance(result, int) else ExitCode.CLEAN)
    return Ending(ending.status, f"exit status {ending.status}: {ending.why}" if ending.why else "")


def _end_soon(status: ExitCode) -> None:
    """At an exit threads are joined, which may wait for processes that have been ended: not for longer than a moment."""
    import threading

    last = threading.Timer(_PATIENCE, os._exit, (int(status),))
    last.daemon = True
    last.start()


_PATIENCE = 2.0
"""Seconds that an exit may take after a signal."""


def _shown(why: str) -> str:
    """What is said, which may name files: they come out as they do in a report."""
    if why.isprintable() and "##" not in why:
        return why
    from sessionlint.report.printable import printable

    return "\n".join(map(printable, why.split("\n")))


def _usage(error: click.ClickException) -> str:
    """What is wrong with the command line; how it is used comes before that."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return _in_a_line(error.format_message())
    if type(error).__name__ == "NoArgsIsHelpError" or error.message == "Missing command.":  # of a group; newer versions of click have it
        click.echo(context.get_help(), err=True)
        return "no command was given"
    click.echo(f"{context.get_usage()}\nTry `{context.command_path} --help` for help.\n", err=True)
    return _in_a_line(error.format_message())


def _in_a_line(said: object) -> str:
    return " ".join(str(said).split())


def _crash(error: Exception, arguments: list[str]) -> str:
    """An error nobody expected: how to report it, and what it was; where it was only under `--verbose`."""
    is_verbose = bool({"-v", "--verbose"} & set(arguments))
    if is_verbose:
        import traceback

        traceback.print_exc()
    click.echo(
        f"This is a fault of sessionlint {__version__}, not of your code. Please report it with the output of\n"
        f"`{' '.join(('sessionlint', *arguments, *(() if is_verbose else ('--verbose',))))}`.",
        err=True,
    )
    return f"internal error: {type(error).__name__}: {_in_a_line(error)}"


def _listen() -> None:
    """Have a signal end the command in good order, unless whoever started it wants it ignored."""
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminate)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated


def _be_deaf() -> None:
    """The status is known and is said now; an interrupt comes too late."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
