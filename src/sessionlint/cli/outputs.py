"""Where findings go and in which formats: `--output-format` for what is printed, `--output-file` for files instead of it or beside it.

What was asked for and cannot be done is said before any work: a format that there is none of, one that an option does not go with.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.types import StringParamType

from sessionlint.cli.completing import output_formats
from sessionlint.cli.given import is_typed
from sessionlint.cli.options import Function
from sessionlint.config import Settings
from sessionlint.source import SessionlintError

_WITH_FORMAT = re.compile(r"([A-Za-z][A-Za-z-]*)=(.*)", re.S)
_LISTS = {"full": "text", "concise": "text", "grouped": "text", "json": "json"}


@dataclass(frozen=True, slots=True)
class Output:
    """A format and the file it goes to, None for the terminal."""

    format: str
    path: Path | None = None


class _File(StringParamType):
    """`PATH` or `FORMAT=PATH`; several in the environment are separated as directories are in `PATH`."""

    name = "file"
    envvar_list_splitter = os.pathsep


def output_options(function: Function) -> Function:
    """`--output-format` and `--output-file`."""
    format = click.option(
        "--output-format",
        envvar="SESSIONLINT_OUTPUT_FORMAT",
        shell_complete=output_formats,
        metavar="FORMAT",
        help="How findings are printed: full (default), concise, grouped, json, sarif, github, …; see docs/output.md.",
    )
    file = click.option(
        "-o",
        "--output-file",
        envvar="SESSIONLINT_OUTPUT_FILE",
        type=_File(),
        multiple=True,
        metavar="[FORMAT=]FILE",
        help="Where they are printed instead of the terminal; with a format, a file in that format beside it. May be repeated.",
    )
    return format(file(function))


def outputs(given: Mapping[str, Any], settings: Settings) -> tuple[Output, ...]:
    """What is to be written where. Raises `SessionlintError` for what cannot be done."""
    from sessionlint.report import known_format

    origin = settings.origins.get("output-format")
    place = (origin.file, origin.row) if origin is not None else ("", 0)
    printed = known_format(settings.output_format or "full", file=place[0], row=place[1])
    asked = [_asked(value, printed) for value in given["output_file"]]
    is_beside = all(_WITH_FORMAT.fullmatch(value) for value in given["output_file"]) and all(output.path is not None for output in asked)
    if is_beside:
        asked.insert(0, Output(printed))
    _refuse_twice(asked)
    _refuse_pairs(asked, given)
    return tuple(asked)


def listed(option: str, settings: Settings) -> str:
    """`text` or `json`: how an option prints that lists something else than findings."""
    if is_typed("output_file"):
        raise SessionlintError(f"`{option}` does not go with `--output-file`", hint="it prints to standard output")
    if not is_typed("output_format"):
        return "text"
    if settings.output_format not in _LISTS:
        raise SessionlintError(
            f"`{option}` does not go with `--output-format {settings.output_format}`", hint=f"it goes with {', '.join(_LISTS)}"
        )
    return _LISTS[settings.output_format]


def _asked(value: str, printed: str) -> Output:
    from sessionlint.report import known_format

    match = _WITH_FORMAT.fullmatch(value)
    format, path = (known_format(match[1]), match[2]) if match else (printed, value)
    if not path:
        raise SessionlintError(f"`--output-file {value}` names no file")
    if path == "-":
        return Output(format)
    _refuse_unwritable(Path(path))
    return Output(format, Path(path))


def _refuse_unwritable(path: Path) -> None:
    """What can be known of it before the work is done."""
    folder = next((parent for parent in path.absolute().parents if os.path.lexists(parent)), Path("/"))
    if path.is_dir():
        raise SessionlintError("cannot be written: it is a directory", file=str(path))
    if not folder.is_dir():
        raise SessionlintError(f"cannot be written: {folder} is no directory", file=str(path))
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise SessionlintError("cannot be written: permission denied", file=str(path))


def _refuse_twice(asked: Iterable[Output]) -> None:
    seen: set[str] = set()
    for output in asked:
        name = "standard output" if output.path is None else str(output.path)
        key = os.path.realpath(output.path) if output.path is not None else ""
        if key in seen:
            raise SessionlintError(f"{name} is to be written in two formats", hint="give each its own `--output-file FORMAT=PATH`")
        seen.add(key)


def _refuse_pairs(asked: Iterable[Output], given: Mapping[str, Any]) -> None:
    """Options under which a format has nothing to say, or no way to say it."""
    from sessionlint.report import check_statistics

    for option in ("diff", "fix_only"):
        if given[option] and is_typed("output_format"):
            name, format = f"--{option.replace('_', '-')}", given["output_format"]
            way_out = f"`--output-file {format}=PATH` writes them to a file"
            raise SessionlintError(f"`{name}` does not go with `--output-format {format}`: it prints no findings", hint=way_out)
    if given["statistics"]:
        for output in asked:
            check_statistics(output.format)
