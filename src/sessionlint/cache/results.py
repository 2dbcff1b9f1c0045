"""What earlier analyses gave, a file for each: of each kind the newest few are kept. Whatever is wrong with a file, it counts as not there.

Facts are kept for good (`store.py`); what follows from a whole program holds for as long as nothing of it changes.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from pathlib import Path

from sessionlint import __version__
from sessionlint.cache.files import make_directory, replace_file
from sessionlint.source import SessionlintError

KEPT = 8
_CHECKSUM = 4


class Results:
    """The results of one project that are of one kind."""

    def __init__(self, directory: Path | None) -> None:
        """`directory` holds the files; None keeps nothing."""
        self._directory = directory

    @property
    def is_enabled(self) -> bool:
        """Whether anything is kept at all."""
        return self._directory is not None

    def get(self, key: str) -> bytes | None:
        """What was kept under a key, None if it is not there any more."""
        if self._directory is None:
            return None
        with contextlib.suppress(OSError):
            path = self._directory / key
            data = path.read_bytes()
            if zlib.crc32(memoryview(data)[_CHECKSUM:]).to_bytes(_CHECKSUM, "little") == data[:_CHECKSUM]:
                os.utime(path)
                return data[_CHECKSUM:]
        return None

    def put(self, key: str, content: bytes) -> None:
        """Keep a content under a key, and forget what has not been asked for the longest. A full disk is no error."""
        if self._directory is None:
            return
        with contextlib.suppress(OSError):
            make_directory(self._directory.parent)
            self._directory.mkdir(exist_ok=True)
            replace_file(self._directory / key, zlib.crc32(content).to_bytes(_CHECKSUM, "little") + content, is_precious=False)
            files = sorted(self._directory.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
            for path in files[KEPT:]:
                path.unlink(missing_ok=True)


def open_results(root: Path, directory: str, kind: str, *, enabled: bool) -> Results:
    """What was kept of one `kind` for the project at `root`; `directory` is relative to it or absolute.

    Raises `SessionlintError` if that is a file.
    """
    return Results(directory_of(root, directory) / kind if enabled else None)


def directory_of(root: Path, directory: str) -> Path:
    """Where everything is that this version keeps."""
    base = root / directory
    if base.exists() and not base.is_dir():
        raise SessionlintError(f"the cache directory `{base}` is a file")
    return base / __version__
