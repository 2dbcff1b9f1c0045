"""Which configuration file applies, and where the project's root is, seen from the paths that a user names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

FILE_NAMES = (".sessionlint.toml", "sessionlint.toml", "pyproject.toml")
"""The first that a directory has wins; a `pyproject.toml` counts only with a table `[tool.sessionlint]`."""

ROOT_MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", ".git", ".hg")
"""What makes a directory the root of a project that has no configuration for sessionlint."""


def start_of(paths: Sequence[Path]) -> Path:
    """The directory that holds everything in `paths` (a path that is a file counts by its directory); the current one for no paths."""
    if not paths:
        return Path.cwd()
    directories = [path if path.is_dir() else path.parent for path in map(absolute, paths)]
    try:
        return Path(os.path.commonpath(directories))
    except ValueError:  # on different drives
        return directories[0]


def absolute(path: Path) -> Path:
    """Absolute and without `..`, symbolic links left as they are."""
    return Path(os.path.abspath(path))


def candidates(start: Path) -> Iterator[Path]:
    """Configuration files from `start` upward, nearest first, in the order in which they count."""
    for directory in (start, *start.parents):
        for name in FILE_NAMES:
            path = directory / name
            if path.is_file():
                yield path


def marked_root(start: Path) -> Path | None:
    """The nearest directory, from `start` upward, that looks like the root of a project."""
    for directory in (start, *start.parents):
        if any((directory / marker).exists() for marker in ROOT_MARKERS):
            return directory
    return None


def shown_path(path: Path) -> str:
    """A path as messages have it: from the current directory, where it lies beneath that."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
