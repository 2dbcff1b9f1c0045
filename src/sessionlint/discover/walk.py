"""The files beneath a directory that can be part of a program. Never follows a link to a directory, never enters a virtual environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sessionlint.discover.exclusion import Exclusion
from sessionlint.source import SessionlintError

PYTHON_SUFFIXES = frozenset({".py", ".pyw"})
TEMPLATE_SUFFIXES = frozenset({".html", ".jinja", ".jinja2", ".j2"})
RELEVANT_SUFFIXES = PYTHON_SUFFIXES | TEMPLATE_SUFFIXES


def is_template(path: Path) -> bool:
    """Whether a file is a template, going by its suffix."""
    return path.suffix in TEMPLATE_SUFFIXES


def is_relevant(name: str) -> bool:
    """Whether a file of that name is looked at when a directory is walked."""
    return os.path.splitext(name)[1] in RELEVANT_SUFFIXES


def walk(top: Path, exclusion: Exclusion) -> Iterator[Path]:
    """The relevant files beneath `top`, which itself is entered whatever is excluded.

    Directories in it that cannot be read count as empty; raises `SessionlintError` if `top` is one.
    """
    real_top = os.path.realpath(top)
    pending = [str(top)]
    while pending:
        directory = pending.pop()
        try:
            with os.scandir(directory) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            if directory == str(top):
                raise SessionlintError(f"`{os.path.relpath(top)}` cannot be read: {error.strerror}") from error
            continue
        if directory != str(top) and any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        inner = []
        covers = exclusion.within(directory)
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if not covers(entry.name, is_directory=True):
                    inner.append(entry.path)
            elif is_relevant(entry.name) and _is_own(entry, real_top) and not covers(entry.name, is_directory=False):
                yield Path(entry.path)
        pending += reversed(inner)


def _is_own(entry: os.DirEntry[str], real_top: str) -> bool:
    """Whether an entry is a file that is not met a second time: not a link to a directory, nor to a file that the walk meets anyway."""
    if not entry.is_symlink():
        return entry.is_file()
    target = os.path.realpath(entry.path)
    if os.path.isdir(target):
        return False
    return not (os.path.isfile(target) and target.startswith(real_top + os.sep))
