"""What earlier programs gave, a file for each: the newest few are kept. Whatever is wrong with a file, it counts as not there.

Facts are kept for good (`store.py`); what follows from a whole program is only worth it for one that does not change any more, a revision.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from pathlib import Path

from sessionlint.cache.files import make_directory, replace_file

KEPT = 8
_CHECKSUM = 4


class Results:
    """The results of one project."""

    def __init__(self, directory: Path | None) -> None:
        """`directory` holds the files; None keeps nothing."""
        self._directory = directory

    def get(self, key: str) -> bytes | None:
        """What was kept under a key, None if it is not there any more."""
        if self._directory is None:
            return None
        with contextlib.suppress(OSError):
            path = self._directory / key
            data = path.read_bytes()
            if zlib.crc32(data[_CHECKSUM:]).to_bytes(_CHECKSUM, "little") == data[:_CHECKSUM]:
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
            replace_file(self._directory / key, zlib.crc32(content).to_bytes(_CHECKSUM, "little") + content)
            files = sorted(self._directory.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
            for path in files[KEPT:]:
                path.unlink(missing_ok=True)
