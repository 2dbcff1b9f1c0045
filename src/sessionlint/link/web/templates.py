"""The Jinja templates of a program: which file a template's name means, and what is in it. Entry point: `Templates`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from sessionlint.facts import FileFacts
from sessionlint.link.symbols import FunctionId
from sessionlint.source import Location, SourceFile

BLOCK = "block "
"""What the name of a block's function begins with."""


@dataclass(frozen=True, slots=True)
class UserRead:
    """`current_user.attribute` in a template; `at` is where the attribute's name stands."""

    at: Location
    name: str
    attribute: str


class Templates:
    """Templates by name, and by text those that stand in strings of Python files."""

    def __init__(
        self, files: Mapping[str, tuple[SourceFile, FileFacts]], python: Mapping[str, FileFacts], folders: frozenset[str] = frozenset()
    ) -> None:
        """`files` are the template files, `python` the facts of the Python files; `folders` are the names of folders with templates."""
        self.sources = {file: source for file, (source, _) in files.items()}
        self.facts = {file: facts for file, (_, facts) in files.items()}
        self._python = python
        self._folders = folders | {"templates"}
        self._by_name: dict[str, list[str]] = {}
        self._given: dict[str, FunctionId] = {}
        for file, facts in sorted(self.facts.items()):
            if facts.templates:
                self._by_name.setdefault(PurePosixPath(file).name, []).append(file)

    def __contains__(self, file: object) -> bool:
        return file in self.facts

    def give(self, name: str, text: str, file: str) -> None:
        """A `DictLoader` in `file` finds the template with that text under that name."""
        found = self.inline(text, file)
        if found is not None:
            self._given.setdefault(name, found)

    def suffixes(self) -> frozenset[str]:
        """What the names end in under which templates are found, those of a `DictLoader` too, from the last dot on."""
        return frozenset(f".{name.rpartition('.')[2]}" for name in (*self._by_name, *self._given))

    def named(self, name: str, near: str) -> FunctionId | None:
        """The body of the template that a loader finds under `name` for somebody in the file `near`."""
        path = PurePosixPath(name.removeprefix("./").lstrip("/"))
        found = [file for file in self._by_name.get(path.name, ()) if file == str(path) or file.endswith(f"/{path}")]
        if not found:
            return self._given.get(name)
        parts = PurePosixPath(near).parts

        def nearness(file: str) -> tuple[bool, int, int, str]:
            above = PurePosixPath(file).parts[: -len(path.parts)]
            shared = next(
                (n for n, (one, other) in enumerate(zip(above, parts, strict=False)) if one != other), min(len(above), len(parts))
            )
            return (not (above and above[-1] in self._folders), -shared, len(above), file)

        return FunctionId(min(found, key=nearness), 1)

    def inline(self, text: str, file: str) -> FunctionId | None:
        """The body of the template whose text stands in a string, of this file or of another."""
        for place in (file, *self._python):
            index = self._python[place].templates.get(text) if place in self._python else None
            if index is not None:
                return FunctionId(place, index)
        return None

    def functions(self, body: FunctionId) -> dict[str, FunctionId]:
        """The blocks (after `BLOCK`) and macros of a template, by name."""
        facts = self.facts.get(body.file) or self._python[body.file]
        return {
            function.name: FunctionId(body.file, index) for index, function in enumerate(facts.functions) if function.parent == body.index
        }
