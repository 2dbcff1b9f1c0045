"""The two states of a program that are compared, and the rows in which they differ."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

from sessionlint.check.identity import Texts
from sessionlint.facts import FileFacts, FunctionFacts
from sessionlint.link import Program
from sessionlint.link.symbols import FunctionId
from sessionlint.source import Location, Range

_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Side:
    """A program with the texts of its files."""

    program: Program
    texts: Texts
    _lines: dict[str, list[bytes]] = field(default_factory=dict, repr=False)

    def rows(self, file: str, first: int, last: int) -> list[bytes]:
        """Some lines of a file, the last included."""
        if file not in self._lines:
            self._lines[file] = _LINE_END.split(self.texts.sources.get(file, b""))
        return self._lines[file][max(first, 1) - 1 : last]

    def function(self, function: FunctionId) -> str:
        """The text of a definition but for its own name, wherever it stands."""
        facts = self.program.function(function)
        lines = [line.decode("utf-8", "replace").rstrip() for line in self.rows(function.file, facts.span.row, facts.span.end_row)]
        header = facts.at.row - facts.span.row
        lines[header : header + 1] = [line.replace(facts.name, "", 1) for line in lines[header : header + 1]]
        return textwrap.dedent("\n".join(lines))

    def facts(self, file: str) -> FileFacts | None:
        """What is known of a file."""
        module = self.program.files.get(file)
        return module.facts if module is not None else self.program.templates.facts.get(file)

    def around(self, at: Location) -> FunctionFacts | None:
        """The innermost function around a place."""
        facts = self.facts(at.file)
        functions = facts.functions[1:] if facts is not None else ()
        inside = [each for each in functions if each.span.row <= at.range.row <= each.span.end_row]
        return max(inside, key=lambda each: (each.span.row, each.span.column), default=None)


@dataclass(frozen=True, slots=True)
class Changed:
    """The rows that differ from `since`, by file; None for a file that is new, no entry for one that is the same.

    A stretch whose last row is before its first is a place where rows are gone.
    """

    since: str
    rows: Mapping[str, tuple[tuple[int, int], ...] | None]

    def touches(self, at: Location) -> bool:
        """Whether one of the rows of a place is new or changed."""
        return bool(self.within(at)) or (at.file in self.rows and self.rows[at.file] is None)

    def within(self, at: Location, *, with_gone: bool = False) -> list[tuple[int, int]]:
        """The stretches of changed rows that a place shares rows with; `with_gone`, the places as well where rows are gone."""
        first, last = at.range.row, at.range.end_row
        stretches = self.rows.get(at.file) or ()
        return [(start, end) for start, end in stretches if start <= last and first <= (max(start, end) if with_gone else end)]

    def place(self, file: str, first: int) -> Location:
        """The row in which a stretch begins."""
        return Location(file, Range(first, 1, first, 1))
