"""PATHS under several configurations (a hook is given what changed, wherever it lies): one run for each of them, and one exit status."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sessionlint.cli.exit_codes import Ending
from sessionlint.config import Settings, by_configuration
from sessionlint.source import SessionlintError

LINES = frozenset({"", "full", "concise", "grouped", "github", "pylint", "azure", "json-lines"})
"""Formats of which two reports are one when they follow one another; the others are a document."""


def each_project(paths: Sequence[Path], given: Mapping[str, Any]) -> list[tuple[Path, ...]]:
    """The paths of each configuration, in the order in which they are named; all at once where the command line names the configuration."""
    if given["isolated"] or any(os.path.isfile(value) for value in given["config"]):
        return [tuple(paths)]
    return [tuple(group) for group in by_configuration(paths).values()]


def refuse_documents(projects: Sequence[Settings], given: Mapping[str, Any]) -> None:
    """Raise `SessionlintError` where the findings of several projects would have to be one document."""
    documents = [f"`--output-format {one.output_format}`" for one in projects if one.output_format not in LINES]
    documents += ["`--output-file`"] * bool(given["output_file"])
    if len(projects) > 1 and documents:
        names = ", ".join(map(_shown, projects))
        raise SessionlintError(
            f"{documents[0]} is for one project, and PATHS belong to {len(projects)}: {names}",
            hint="run it for each, or name their configuration with `--config FILE`",
        )


def together(endings: Sequence[tuple[Settings, Ending]]) -> Ending:
    """The end of a command that ran for several projects: that of the worst of them."""
    if len(endings) == 1:
        return endings[0][1]
    worst = max(ending.status for _, ending in endings)
    told = [f"{ending.why} in {_shown(settings)}" for settings, ending in endings if ending.status is worst and ending.why]
    return Ending(worst, ", ".join(told))


def _shown(settings: Settings) -> str:
    """A project as a place."""
    return f"`{os.path.relpath(settings.root)}`"


def hook_top() -> Path | None:
    """Where pre-commit calls from, which is the top of the repository; None outside of it.

    Of a repository without configuration that is the project, whatever the files of a commit have in common: pre-commit splits long lists,
    and the parts must not make different programs.
    """
    return Path.cwd() if is_hook() else None


def is_hook() -> bool:
    """Whether pre-commit calls."""
    return os.environ.get("PRE_COMMIT") == "1"
