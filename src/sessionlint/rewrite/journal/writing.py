"""In which order a run writes: lock, compare, journal, temporary files, and only then one rename after the other."""

from __future__ import annotations

import os
from pathlib import Path

from sessionlint.rewrite.journal.replacing import ChangedMeanwhileError, Replacement, sync_folder
from sessionlint.rewrite.journal.restoring import digest_now, put_back
from sessionlint.rewrite.journal.runs import FOLDER, Change, Entry, Run, begin, locked, runs
from sessionlint.source import SessionlintError


def write(root: Path, changes: list[Change]) -> Path | None:
    """Write all `changes` or none, the journal first.

    Returns the folder of the run, None where there is nothing to write. Raises `SessionlintError` if a file is no longer what it was when
    it was analysed, cannot be written, or if an interrupted run has to be taken back first; then all files are as before.
    """
    if not changes:
        return None
    with locked(root):
        _clear(root)
        targets = _targets(root, changes)
        try:
            run = begin(root, changes)
        except OSError as error:
            raise SessionlintError(f"the journal cannot be written: {error.strerror}; nothing was changed", file=FOLDER) from error
        _carry_out(root, run, changes, targets)
        return run.folder


def refuse_after_interruption(root: Path) -> None:
    """Raise `SessionlintError` if a run was killed while it wrote: the files are neither what they were nor what they were to be."""
    if runs(root):
        with locked(root):
            _clear(root)


def _clear(root: Path) -> None:
    """Remove what runs have left that were killed before they touched a file or after they had restored all."""
    for run in runs(root):
        if run.touched_nothing:
            run.remove()
        elif not run.is_complete:
            raise SessionlintError(
                "an earlier run was interrupted while it wrote, so some files may be changed and others not",
                hint="`sessionlint rollback` gives all of them their old content back",
            )


def _targets(root: Path, changes: list[Change]) -> dict[str, Path]:
    """The files behind the names, links followed. Raises `SessionlintError` where one has changed or may not be written."""
    targets: dict[str, Path] = {}
    seen: set[Path] = set()
    changed = []
    for change in changes:
        try:
            target = Path(os.path.realpath(root / change.name, strict=True))
            content = target.read_bytes()
        except FileNotFoundError:
            changed.append(change.name)
            continue
        except OSError as error:
            raise SessionlintError(f"cannot be read: {error.strerror}; nothing was written", file=change.name) from error
        if content != change.before:
            changed.append(change.name)
        elif not os.access(target, os.W_OK):
            raise SessionlintError("cannot be written: it is read-only; nothing was written", file=change.name)
        elif target in seen:
            raise SessionlintError("is the same file as another one that changes; nothing was written", file=change.name)
        targets[change.name] = target
        seen.add(target)
    if changed:
        raise SessionlintError(f"changed since the analysis: {', '.join(changed)}; nothing was written", hint="run it again")
    return targets


def _carry_out(root: Path, run: Run, changes: list[Change], targets: dict[str, Path]) -> None:
    replacements = []
    for change, entry in zip(changes, run.entries(), strict=True):
        target = targets[change.name]
        replacements.append(Replacement(change.name, target, target.parent / entry.temporary, change.after, entry.before))
    done: list[str] = []
    current = ""
    try:
        for replacement in replacements:
            current = replacement.name
            replacement.stage()
        for replacement in replacements:
            current = replacement.name
            done.append(current)  # before the fact, so that no interruption can come between
            replacement.commit()
        for folder in {replacement.target.parent for replacement in replacements}:
            sync_folder(folder)
        current = FOLDER
        run.complete()
    except BaseException as error:
        for replacement in replacements:
            replacement.discard()
        reached = [entry for entry in run.entries() if entry.name in done]
        outcome = _taken_back(root, run, reached, current if isinstance(error, ChangedMeanwhileError) else "")
        if isinstance(error, OSError):
            raise SessionlintError(f"cannot be written: {error.strerror}; {outcome}", file=current) from error
        raise


def _taken_back(root: Path, run: Run, reached: list[Entry], changed: str) -> str:
    """Give the files that were reached their old content back, but for the one that somebody changed; returns what came of it."""
    try:
        put_back(root, [entry for entry in reached if entry.name != changed])
        if all(digest_now(root, entry) == entry.before for entry in reached if entry.name != changed):
            run.remove()
            return "all other files are as before" if changed else "all files are as before"
    except SessionlintError:
        pass
    return "what was written before is still there; `sessionlint rollback` restores it"
