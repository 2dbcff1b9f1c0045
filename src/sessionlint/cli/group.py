"""The group of commands. The folder is the registry: `NAME.py` that defines a click command called `NAME` adds `sessionlint NAME`.

A command's module is imported when the command is run; for `--help` the first line of its docstring is read from the source.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click

from sessionlint import __version__

_FOLDER = Path(__file__).parent
_COMMAND = re.compile(rb"^@click\.command\b", re.M)


class CommandFolder(click.Group):
    """A group whose commands are the modules of this folder that hold one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return sorted(_sources())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        name = cmd_name.replace("-", "_")
        if cmd_name != name.replace("_", "-") or not _is_command(_FOLDER / f"{name}.py"):
            return None
        command = getattr(importlib.import_module(f"sessionlint.cli.{name}"), name)
        return command if isinstance(command, click.Command) else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named first; of a misspelt one the nearest is said."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            close = get_close_matches(args[0], self.list_commands(ctx), n=1)
            if close and close[0] not in error.message:  # newer versions of click say it themselves
                raise click.UsageError(f"{error.message} (Did you mean '{close[0]}'?)", error.ctx) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands with what each is for, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _summary(name, source)) for name, source in sorted(_sources().items())])


def _sources() -> dict[str, bytes]:
    return {path.stem.replace("_", "-"): path.read_bytes() for path in _FOLDER.glob("[!_]*.py") if _is_command(path)}


def _is_command(path: Path) -> bool:
    return path.is_file() and _COMMAND.search(path.read_bytes()) is not None


def _summary(name: str, source: bytes) -> str:
    import ast

    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name.replace("-", "_"):
            return (ast.get_docstring(node) or "").partition("\n")[0].rstrip(".")
    return ""


@click.group(cls=CommandFolder, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=False)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def group() -> None:
    """Find misuse of SQLAlchemy sessions, explain it, and rewrite the code to managed session scopes."""
