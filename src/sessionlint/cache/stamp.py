"""What, besides its program and settings, an analysis depends on: which code of ours it was. Entry point: `stamp_of_code`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sessionlint import __version__

_PACKAGE = Path(__file__).parents[1]


@cache
def stamp_of_code() -> str:
    """This version and Python's; where an installer has put our files, when it did, and else, where somebody works on them, the files."""
    installed = _PACKAGE.parent / f"sessionlint-{__version__}.dist-info" / "RECORD"
    files = [installed.stat()] if installed.is_file() else list(_stats(str(_PACKAGE)))
    last = max((file.st_mtime_ns for file in files), default=0)
    return f"{__version__} {sys.version_info[0]}.{sys.version_info[1]} {len(files)} {sum(file.st_size for file in files)} {last}"


def _stats(directory: str) -> Iterator[os.stat_result]:
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                yield entry.stat()
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _stats(entry.path)
