"""What a run leaves on disk, in `.sessionlint/journal/<number>/`, and how far it has come by that.

N.before       the old contents, in the order of the journal
journal.json   the files with digests before and after; the last to be made and the first to go, so without it nothing is to be restored
written        empty; it is there when all files have their new content
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sessionlint.rewrite.journal.replacing import store, sync_folder
from sessionlint.source import SessionlintError, digest_of

FOLDER = ".sessionlint"
_VERSION = 2


@dataclass(frozen=True, slots=True)
class Change:
    """A file (`name` relative to the root, `/` as separator) with its content before and after."""

    name: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal says of a file: digests of its content, and the name of the temporary file beside it."""

    name: str
    before: str
    after: str
    old_content: Path
    temporary: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run, by its folder."""

    folder: Path

    @property
    def touched_nothing(self) -> bool:
        """Whether all files have their old content: the journal was never completed, or all has been restored."""
        return not (self.folder / "journal.json").exists()

    @property
    def is_complete(self) -> bool:
        """Whether all files have got their new content."""
        return (self.folder / "written").exists()

    def entries(self) -> list[Entry]:
        """The files of the run. Raises `SessionlintError` if the journal cannot be read."""
        path = self.folder / "journal.json"
        try:
            data = json.loads(path.read_bytes())
            if data["version"] != _VERSION:
                raise SessionlintError("the journal was written by another version of sessionlint", file=str(path))
            return [
                Entry(item["file"], item["before"], item["after"], self.folder / f"{index}.before", f".{data['token']}-{index}.tmp")
                for index, item in enumerate(data["files"])
            ]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SessionlintError(f"the journal cannot be read: {error}", file=str(path)) from error

    def complete(self) -> None:
        """Write down that all files have their new content."""
        store(self.folder / "written", b"")
        sync_folder(self.folder)

    def remove(self) -> None:
        """Remove the folder. Raises `SessionlintError` if that cannot be done."""
        try:
            (self.folder / "journal.json").unlink(missing_ok=True)
            sync_folder(self.folder)
            for path in self.folder.iterdir():
                path.unlink()
            self.folder.rmdir()
        except OSError as error:
            raise SessionlintError(f"the journal cannot be removed: {error.strerror}", file=str(self.folder)) from error


def runs(root: Path) -> list[Run]:
    """The runs that can be taken back, oldest first."""
    folder = root / FOLDER / "journal"
    found = [path for path in folder.iterdir() if path.name.isdigit()] if folder.is_dir() else []
    return [Run(path) for path in sorted(found, key=lambda path: int(path.name))]


def begin(root: Path, changes: list[Change]) -> Run:
    """Write the journal of a new run. Raises `OSError`, and leaves nothing that counts, if that does not succeed."""
    number = max((int(run.folder.name) for run in runs(root)), default=0) + 1
    run = Run(root / FOLDER / "journal" / str(number))
    run.folder.mkdir(parents=True)
    try:
        for index, change in enumerate(changes):
            store(run.folder / f"{index}.before", change.before)
        files = [{"file": c.name, "before": digest_of(c.before), "after": digest_of(c.after)} for c in changes]
        journal = {"version": _VERSION, "token": f"sessionlint-{secrets.token_hex(4)}", "files": files}
        store(run.folder / "unfinished.json", json.dumps(journal, indent=1).encode())
        sync_folder(run.folder)
        os.replace(run.folder / "unfinished.json", run.folder / "journal.json")
        for folder in (run.folder, *list(run.folder.parents)[:3]):
            sync_folder(folder)
    except BaseException:
        with contextlib.suppress(SessionlintError):
            run.remove()
        raise
    return run


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Keep every other sessionlint from writing and restoring in this project; the system lets go when the process ends, however it does.

    Raises `SessionlintError` if another one is at it.
    """
    try:
        (root / FOLDER).mkdir(exist_ok=True)
        ignore = root / FOLDER / ".gitignore"
        if not ignore.exists() or not ignore.stat().st_size:
            ignore.write_bytes(b"*\n")
        handle = os.open(root / FOLDER / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SessionlintError(f"cannot be written: {error.strerror}; nothing was changed", file=FOLDER) from error
    try:
        if not _lock(handle):
            raise SessionlintError("another sessionlint is changing files in this project; nothing was changed")
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    """Whether the file is ours now; a file system that knows no locks does not keep anyone from working."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
