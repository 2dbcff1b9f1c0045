"""The way back: the files of the last run get the content that they had before it. Can itself be killed and run again."""

from __future__ import annotations

import os
from pathlib import Path

from sessionlint.rewrite.journal.replacing import Replacement, sync_folder
from sessionlint.rewrite.journal.runs import Entry, Run, locked, runs
from sessionlint.source import SessionlintError, digest_of


def rollback(root: Path, *, keep_changed: bool = False) -> list[str]:
    """Give the files of the last run, finished or interrupted, their old content back, and remove what it left.

    Returns the names of the files that had to be restored. Raises `SessionlintError`, and changes nothing, if there is no run, or if a file
    changed since (all such are named) and `keep_changed` does not say that these are to stay as they are.
    """
    if not runs(root):
        raise _nothing_there()
    with locked(root):
        found = runs(root)
        if not found:
            raise _nothing_there()
        run = found[-1]
        restored = [] if run.touched_nothing else _restored(root, run, keep_changed=keep_changed)
        run.remove()
        return restored


def _nothing_there() -> SessionlintError:
    return SessionlintError("nothing to roll back: there is no journal", hint="`migrate --write` and `check --fix` write one")


def _restored(root: Path, run: Run, *, keep_changed: bool) -> list[str]:
    entries = run.entries()
    changed = [entry for entry in entries if digest_now(root, entry) not in (entry.before, entry.after)]
    if changed and not keep_changed:
        names = ", ".join(entry.name for entry in changed)
        hint = f"`--keep-changed` leaves them and restores the others; the old contents are in {run.folder}"
        raise SessionlintError(f"changed since they were rewritten: {names}; nothing was rolled back", hint=hint)
    for entry in entries:
        try:
            _temporary(_target(root, entry), entry).unlink()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise SessionlintError(f"its temporary file cannot be removed: {error.strerror}", file=entry.name) from error
    return put_back(root, entries)


def put_back(root: Path, entries: list[Entry]) -> list[str]:
    """Give those files their old content that have the new one; returns their names.

    Raises `SessionlintError` naming the file that cannot be written. Nothing has changed then, unless a rename failed: what was restored
    until then stays so, and a second attempt does the rest.
    """
    replacements = []
    for entry in entries:
        if digest_now(root, entry) == entry.after:
            target = _target(root, entry)
            replacements.append(Replacement(entry.name, target, _temporary(target, entry), _old_content(entry), entry.after))
    restored: list[str] = []
    current = ""
    try:
        for replacement in replacements:
            current = replacement.name
            replacement.stage()
        for replacement in replacements:
            current = replacement.name
            replacement.commit()
            restored.append(current)
    except OSError as error:
        so_far = f"restored until then: {', '.join(restored)}" if restored else "nothing was rolled back"
        raise SessionlintError(f"cannot be written: {error.strerror}; {so_far}", file=current, hint="it can be run again") from error
    finally:
        for replacement in replacements[len(restored) :]:
            replacement.discard()
    for folder in {replacement.target.parent for replacement in replacements}:
        sync_folder(folder)
    return restored


def _target(root: Path, entry: Entry) -> Path:
    return Path(os.path.realpath(root / entry.name))


def _temporary(target: Path, entry: Entry) -> Path:
    return target.parent / entry.temporary


def _old_content(entry: Entry) -> bytes:
    content = entry.old_content.read_bytes() if entry.old_content.is_file() else b""
    if digest_of(content) != entry.before:
        raise SessionlintError("the old content in the journal is damaged; nothing was rolled back", file=str(entry.old_content))
    return content


def digest_now(root: Path, entry: Entry) -> str:
    """The digest of what the file holds now; empty if it is gone."""
    try:
        return digest_of(_target(root, entry).read_bytes())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ""
    except OSError as error:
        raise SessionlintError(f"cannot be read: {error.strerror}; nothing was rolled back", file=entry.name) from error
