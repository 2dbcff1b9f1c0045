"""Paths and settings in, the program's files out. The walk is in `walk.py`, what is left out in `exclusion.py`, names in `modules.py`.

The program is the whole project, whatever the paths: they choose what is *reported*. Without a project (`--isolated`, or nothing that marks
a root) it is what the paths name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from sessionlint.config import Settings
from sessionlint.discover.exclusion import Exclusion
from sessionlint.discover.modules import ModuleNames
from sessionlint.discover.verdicts import Verdicts
from sessionlint.discover.walk import is_relevant, is_template, walk
from sessionlint.source import SessionlintError, SourceFile


def discover(
    paths: Sequence[Path], settings: Settings, *, virtual: Sequence[Path] = (), known: Verdicts | None = None, coming: Sequence[Path] = ()
) -> list[SourceFile]:
    """The files of the program, sorted by name: Python files, and templates (whose `module` is empty).

    A path that is a file takes part whatever its suffix and whatever is excluded, unless `force-exclude` says otherwise; a directory
    is walked. `virtual` are files that take part although they need not exist (standard input under a name); `known` is what was said of
    entries before, `coming` are directories that are there when it is used next. Raises `SessionlintError` for a path that does not exist.
    """
    known = known or Verdicts()
    exclusion = Exclusion(settings, known=known)
    beneath = cache(lambda top: tuple(walk(top, exclusion)))

    def asked_for(given: Path) -> Iterable[Path]:
        path = _absolute(given)
        if given not in virtual and not os.path.lexists(path):
            raise SessionlintError(f"`{given}` does not exist")
        is_directory = path.is_dir()
        if not exclusion.covers(path, is_directory=is_directory):
            return beneath(path) if is_directory else [path]
        if settings.files.force_exclude:
            return []
        return walk(path, Exclusion(settings, inside=path, known=known)) if is_directory else [path]

    for path in coming:
        exclusion.covers(path, is_directory=True)
    asked: dict[Path, None] = {}
    for path in (*paths, *virtual):
        asked |= dict.fromkeys(asked_for(path))
    everything = dict(asked)
    if settings.files.is_project:
        everything |= dict.fromkeys(beneath(settings.root))
    return _described(everything, asked, settings)


def discover_earlier(
    now: Iterable[Path], gone: Iterable[Path], settings: Settings, *, paths: Sequence[Path], is_file: Callable[[Path], bool]
) -> list[SourceFile]:
    """The files of the program as it was when there were the files `now`, which take part still, and those that are `gone`.

    The same rules hold for what is gone, and all are reported. `is_file` says what there was then.
    """
    exclusion = Exclusion(settings)
    asked = [_absolute(path) for path in paths]

    def took_part(path: Path) -> bool:
        if not is_relevant(path.name) or not (settings.files.is_project and path.is_relative_to(settings.root)):
            return any(path.is_relative_to(other) for other in asked)
        return not exclusion.covers(path, is_directory=False)

    everything = dict.fromkeys((*now, *filter(took_part, gone)))
    return _described(everything, everything, settings, is_file)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))


def _described(
    everything: Iterable[Path], asked: dict[Path, None], settings: Settings, is_file: Callable[[Path], bool] = Path.is_file
) -> list[SourceFile]:
    modules = ModuleNames(settings.root, settings.files.src, is_file)
    found = []
    top = os.path.join(settings.root, "")
    for path in everything:
        name = str(path).removeprefix(top).replace(os.sep, "/")
        module = "" if is_template(path) else modules.name_of(path)
        found.append(SourceFile(path, name, module, path in asked, path.stem == "__init__" and is_relevant(path.name)))
    return sorted(found, key=lambda file: file.name)
