"""One file gets new content in one step: first beside it in a temporary file, which then takes its name."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from sessionlint.source import digest_of


class ChangedMeanwhileError(OSError):
    """Somebody else wrote to the file."""

    def __init__(self) -> None:
        super().__init__(errno.EBUSY, "it was changed meanwhile")


@dataclass(frozen=True, slots=True)
class Replacement:
    """`target` (no symbolic link) is to get `content` in the place of what `expected` is the digest of, by way of `temporary` beside it."""

    name: str
    target: Path
    temporary: Path
    content: bytes
    expected: str

    def stage(self) -> None:
        """Write the temporary file: everything that can fail for want of space or permission fails here, where nothing has changed yet."""
        with contextlib.suppress(FileNotFoundError):
            self.temporary.unlink()
        store(self.temporary, self.content, attributes_of=self.target)

    def commit(self) -> None:
        """Put the temporary file in the place of the target, unless that has changed."""
        if digest_of(self.target.read_bytes()) != self.expected:
            raise ChangedMeanwhileError
        os.replace(self.temporary, self.target)

    def discard(self) -> None:
        """Remove the temporary file if it is there."""
        with contextlib.suppress(OSError):
            self.temporary.unlink()


def store(path: Path, content: bytes, *, attributes_of: Path | None = None) -> None:
    """Write a new file down to the disk; it must not exist."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags, 0o600), "wb") as stream:
        stream.write(content)
        stream.flush()
        if attributes_of is not None:
            _copy_attributes(attributes_of, path)
        os.fsync(stream.fileno())


def _copy_attributes(source: Path, target: Path) -> None:
    """Owner and group as far as we may give them away, then permissions, extended attributes and access control lists.

    The times are those of now: Python takes a compiled file for current that was made from a source of the same time and size.
    """
    if sys.platform != "win32":
        status = source.stat()
        for owner in (status.st_uid, -1):
            with contextlib.suppress(PermissionError):
                os.chown(target, owner, status.st_gid)
                break
    shutil.copystat(source, target)
    os.utime(target)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk, where the system knows how to."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
