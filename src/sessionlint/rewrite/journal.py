"""Writing files so that every byte can be had back: the journal is on disk before the first file changes.

A run is a folder `.sessionlint/journal/<number>/` in the project root with `journal.json` and the old contents. It is removed by
`rollback`.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sessionlint.source import SessionlintError, digest_of

FOLDER = ".sessionlint"


@dataclass(frozen=True, slots=True)
class Change:
    """A file (`name` relative to the root, `/` as separator) with its content before and after."""

    name: str
    before: bytes
    after: bytes


def write(root: Path, changes: list[Change]) -> Path | None:
    """Write all `changes`, the journal first.

    Returns the folder of the run, None where there is nothing to write. Raises `SessionlintError` (and writes nothing) if a file is no
    longer what
    it was when it was analysed; if writing itself fails, the files written so far get their old content back.
    """
    if not changes:
        return None
    for change in changes:
        if (root / change.name).read_bytes() != change.before:
            raise SessionlintError("the file changed while it was analysed; nothing was written", file=change.name)
    run = _new_run(root)
    for index, change in enumerate(changes):
        _replace(run / f"{index}.before", change.before, mode=0o600)
    entries = [{"file": c.name, "before": digest_of(c.before), "after": digest_of(c.after)} for c in changes]
    _replace(run / "journal.json", json.dumps({"version": 1, "files": entries}, indent=1).encode(), mode=0o600)
    done: list[Change] = []
    try:
        for change in changes:
            _replace(root / change.name, change.after)
            done.append(change)
    except OSError as error:
        for change in done:
            _replace(root / change.name, change.before)
        shutil.rmtree(run)
        raise SessionlintError(f"cannot be written: {error.strerror}; all files are as before", file=str(error.filename or "")) from error
    return run


def rollback(root: Path) -> list[str]:
    """Give the files of the last run their old content back.

    Returns their names. Raises `SessionlintError`, and changes nothing, if there is no journal or a file changed since (all such are
    named).
    """
    runs = sorted(_runs(root), key=lambda path: int(path.name))
    runs = [run for run in runs if (run / "journal.json").is_file()]
    if not runs:
        raise SessionlintError("nothing to roll back: there is no journal", hint="`migrate --write` writes one")
    run = runs[-1]
    entries = json.loads((run / "journal.json").read_bytes())["files"]
    pending, changed = [], []
    for index, entry in enumerate(entries):
        path = root / entry["file"]
        digest = digest_of(path.read_bytes()) if path.is_file() else ""
        if digest == entry["after"]:
            pending.append((path, (run / f"{index}.before").read_bytes()))
        elif digest != entry["before"]:
            changed.append(entry["file"])
    if changed:
        raise SessionlintError(f"changed since the migration: {', '.join(changed)}; nothing was rolled back")
    for path, content in pending:
        _replace(path, content)
    shutil.rmtree(run)
    return [entry["file"] for entry in entries]


def _runs(root: Path) -> list[Path]:
    folder = root / FOLDER / "journal"
    return [path for path in folder.iterdir() if path.name.isdigit()] if folder.is_dir() else []


def _new_run(root: Path) -> Path:
    (root / FOLDER).mkdir(exist_ok=True)
    ignore = root / FOLDER / ".gitignore"
    if not ignore.exists():
        ignore.write_bytes(b"*\n")
    number = max((int(path.name) for path in _runs(root)), default=0) + 1
    run = root / FOLDER / "journal" / str(number)
    run.mkdir(parents=True)
    return run


def _replace(path: Path, content: bytes, mode: int | None = None) -> None:
    """Put `content` in the place of `path` in one step, with its permissions; a symbolic link stays one."""
    path = path.resolve()
    if mode is None:
        mode = stat.S_IMODE(path.stat().st_mode)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
