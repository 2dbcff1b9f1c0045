"""The program as it was at a revision, or is in the index: what is on the disk, with what changed since put back. Entry points: `earlier`,
`staged`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sessionlint.config import Settings
from sessionlint.discover import RELEVANT_SUFFIXES, discover_earlier
from sessionlint.pipeline.reading import Sources
from sessionlint.revision import Change, unstaged_changes
from sessionlint.source import SourceFile


@dataclass(frozen=True, slots=True)
class Earlier:
    """The files of a revision; `names` are what renamed ones are called now."""

    sources: Sources
    names: Mapping[str, str]


def earlier(now: Sources, change: Change, settings: Settings, paths: Sequence[Path]) -> Earlier:
    """The sources of the revision that `change` is since. What was the same is taken from `now`."""
    files = {file.path: file for file in now.files()}
    moved = [each for path, each in change.files.items() if each.old is not None and each.old != path]
    gone = {each.old: each for each in (*change.gone, *moved) if each.old is not None}
    new = {path for path, each in change.files.items() if each.old != path}
    kept = [path for path in files if path not in new]
    there = discover_earlier(kept, gone, settings, paths=paths, is_file=lambda path: path in gone or (path not in new and path.is_file()))
    was = {path: each for path, each in change.files.items() if each.old == path} | gone
    sources = Sources()
    for file in there:
        if file.path in was:
            _put(sources, file, was[file.path].content)
        elif files[file.path] in now.failures:
            sources.failures[file] = now.failures[files[file.path]]
        else:
            _put(sources, file, now.by_name[file.name])
    before = {file.path: file.name for file in there}
    names = {before[each.old]: files[each.new].name for each in moved if each.old in before and each.new in files}
    return Earlier(sources, names)


def staged(files: Sequence[SourceFile], now: Sources, settings: Settings, paths: Sequence[Path]) -> Sources:
    """The sources of the index; reported is what is of `files`, those on the disk, and what is gone from there if it was at the `paths`."""
    change = unstaged_changes(settings.root, [file.path for file in files], RELEVANT_SUFFIXES)
    reported = {file.path: file.reported for file in files}
    asked = [path.absolute() for path in paths]

    def mark(file: SourceFile) -> SourceFile:
        return replace(file, reported=reported.get(file.path, any(file.path.is_relative_to(path) for path in asked)))

    return earlier(now, change, settings, paths).sources.marked(mark)


def _put(sources: Sources, file: SourceFile, content: bytes | None) -> None:
    if content is not None:
        sources.by_name[file.name] = content
        (sources.python if file.module else sources.templates)[file] = content
