"""What is left out: `exclude` and `extend-exclude`, and what git ignores (of several `.gitignore` files the nearest that has a say)."""

from __future__ import annotations

import os
from pathlib import Path

from pathspec import GitIgnoreSpec

from sessionlint.config import Settings
from sessionlint.source import SessionlintError


class Exclusion:
    """Answers for one run whether a path is excluded; patterns and ignore files are read once.

    With `inside`, a directory that is looked at although it is excluded itself, nothing above it has a say.
    """

    def __init__(self, settings: Settings, *, inside: Path | None = None) -> None:
        self._root = str(inside or settings.root)
        self._top = str(inside) if inside else ""
        patterns = (*settings.files.exclude, *settings.files.extend_exclude)
        try:
            self._patterns = GitIgnoreSpec.from_lines(_from_root(pattern, self._root) for pattern in patterns)
        except ValueError as error:
            raise SessionlintError(f"`exclude` holds a pattern that cannot be read: {error}") from None
        self._respects_git = settings.files.respect_gitignore
        self._ignores: dict[str, tuple[tuple[str, GitIgnoreSpec], ...]] = {}

    def covers_entry(self, path: str, *, is_directory: bool) -> bool:
        """Whether an absolute path is excluded by what is said of it itself; a walk has asked the same of the directories above it."""
        relative = _relative(path, self._root)
        if self._patterns.match_file(relative + "/" if is_directory else relative):
            return True
        return self._respects_git and self._is_ignored(path, is_directory)

    def covers(self, path: Path, *, is_directory: bool) -> bool:
        """Whether a path or a directory between the root and it is excluded."""
        above = [parent for parent in path.parents if parent != Path(self._root) and parent.is_relative_to(self._root)]
        return self.covers_entry(str(path), is_directory=is_directory) or any(
            self.covers_entry(str(parent), is_directory=True) for parent in above
        )

    def _is_ignored(self, path: str, is_directory: bool) -> bool:
        directory = os.path.dirname(path)
        for base, spec in self._ignores_above(directory):
            relative = _relative(path, base)
            verdict = spec.check_file(relative + "/" if is_directory else relative).include
            if verdict is not None:
                return verdict
        return False

    def _ignores_above(self, directory: str) -> tuple[tuple[str, GitIgnoreSpec], ...]:
        """The ignore files that speak for the entries of a directory, nearest first, up to the top of the git repository."""
        known = self._ignores.get(directory)
        if known is not None:
            return known
        own = [(directory, spec) for name in (".gitignore", ".git/info/exclude") if (spec := _read(os.path.join(directory, name)))]
        parent = os.path.dirname(directory)
        is_top = directory in {parent, self._top} or os.path.exists(os.path.join(directory, ".git"))
        found = (*own, *(() if is_top else self._ignores_above(parent)))
        self._ignores[directory] = found
        return found


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


def _read(path: str) -> GitIgnoreSpec | None:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return GitIgnoreSpec.from_lines(file)
    except (OSError, ValueError):
        return None
