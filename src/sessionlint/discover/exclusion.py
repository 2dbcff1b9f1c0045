"""What is left out: `exclude` and `extend-exclude`, and what git ignores (of several `.gitignore` files the nearest that has a say).

Patterns are slow to compile and to match: what was said of an entry is remembered (`verdicts.py`) for as long as they are the same.
"""

from __future__ import annotations

import io
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sessionlint.config import Settings
from sessionlint.discover.verdicts import Verdicts
from sessionlint.source import SessionlintError, digest_of

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Covers(Protocol):
    """Whether an entry of a directory is excluded."""

    def __call__(self, name: str, *, is_directory: bool) -> bool: ...


class Exclusion:
    """Answers for one run whether a path is excluded; patterns and ignore files are read once.

    With `inside`, a directory that is looked at although it is excluded itself, nothing above it has a say; `known` is what was said
    before.
    """

    def __init__(self, settings: Settings, *, inside: Path | None = None, known: Verdicts | None = None) -> None:
        self._root = str(inside or settings.root)
        self._top = str(inside) if inside else ""
        self._lines = [_from_root(pattern, self._root) for pattern in (*settings.files.exclude, *settings.files.extend_exclude)]
        self._respects_git = settings.files.respect_gitignore
        self._rules = digest_of(repr((self._root, self._top, self._lines, self._respects_git)).encode("utf-8", "surrogatepass"))
        self._ignores: dict[str, tuple[_IgnoreFile, ...]] = {}
        self._known = known or Verdicts()
        if not self._known.holds_any(self._rules):
            _ = self._patterns  # what is wrong with them is said even if there is nothing to exclude

    @cached_property
    def _patterns(self) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec

        try:
            return GitIgnoreSpec.from_lines(self._lines)
        except ValueError as error:
            raise SessionlintError(f"`exclude` holds a pattern that cannot be read: {error}") from None

    def within(self, directory: str) -> Covers:
        """The same as `covers_entry` for the entries of an absolute directory; what was said before is not looked into again."""
        above = self._ignores_above(directory) if self._respects_git else ()
        known = self._known.of(directory, (self._rules, *(part for ignore in above for part in (ignore.base, ignore.digest))))

        def covers(name: str, *, is_directory: bool) -> bool:
            key = f"{name}/" if is_directory else name
            if key not in known:
                known[key] = self.covers_entry(os.path.join(directory, name), is_directory=is_directory)
            return known[key]

        return covers

    def covers_entry(self, path: str, *, is_directory: bool) -> bool:
        """Whether an absolute path is excluded by what is said of it itself; a walk has asked the same of the directories above it."""
        relative = _relative(path, self._root)
        if self._patterns.match_file(relative + "/" if is_directory else relative):
            return True
        return self._respects_git and self._is_ignored(path, is_directory)

    def covers(self, path: Path, *, is_directory: bool) -> bool:
        """Whether a path or a directory between the root and it is excluded."""
        above = [parent for parent in path.parents if parent != Path(self._root) and parent.is_relative_to(self._root)]
        return self.within(str(path.parent))(path.name, is_directory=is_directory) or any(
            self.within(str(parent.parent))(parent.name, is_directory=True) for parent in above
        )

    def _is_ignored(self, path: str, is_directory: bool) -> bool:
        directory = os.path.dirname(path)
        for ignore in self._ignores_above(directory):
            relative = _relative(path, ignore.base)
            verdict = ignore.spec.check_file(relative + "/" if is_directory else relative).include
            if verdict is not None:
                return verdict
        return False

    def _ignores_above(self, directory: str) -> tuple[_IgnoreFile, ...]:
        """The ignore files that speak for the entries of a directory, nearest first, up to the top of the git repository."""
        known = self._ignores.get(directory)
        if known is not None:
            return known
        own = [ignore for name in (".gitignore", ".git/info/exclude") if (ignore := _read(directory, name))]
        parent = os.path.dirname(directory)
        is_top = directory in {parent, self._top} or os.path.exists(os.path.join(directory, ".git"))
        found = (*own, *(() if is_top else self._ignores_above(parent)))
        self._ignores[directory] = found
        return found


class _IgnoreFile:
    """One that is there: `base` is the directory that it speaks for."""

    def __init__(self, base: str, content: bytes) -> None:
        self.base, self.digest = base, digest_of(content)
        self._content = content

    @cached_property
    def spec(self) -> GitIgnoreSpec:
        """Its patterns; none where there is one that cannot be read."""
        from pathspec import GitIgnoreSpec

        try:
            return GitIgnoreSpec.from_lines(io.TextIOWrapper(io.BytesIO(self._content), encoding="utf-8", errors="replace"))
        except ValueError:
            return GitIgnoreSpec.from_lines(())


def _from_root(pattern: str, root: str) -> str:
    """A pattern as gitignore understands it: `./build` and absolute paths are anchored at the root."""
    if pattern.startswith("./"):
        return pattern[1:]
    if os.path.isabs(pattern):
        relative = os.path.relpath(pattern, root)
        return pattern if relative.startswith("..") else "/" + relative.replace(os.sep, "/")
    return pattern


def _relative(path: str, base: str) -> str:
    prefix = base if base.endswith(os.sep) else base + os.sep
    inside = path[len(prefix) :] if path.startswith(prefix) else path.lstrip(os.sep)
    return inside.replace(os.sep, "/") if os.sep != "/" else inside


def _read(directory: str, name: str) -> _IgnoreFile | None:
    try:
        with open(os.path.join(directory, name), "rb") as file:
            return _IgnoreFile(directory, file.read())
    except OSError:
        return None
