"""Edits to the lines of one file, in the coordinates of the file as it is; those of several sites compose, whatever is nested in what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from sessionlint.rewrite.text import SourceText, lines_of
from sessionlint.source import Range

_FEED = re.compile(r"[ \t\f]*\f")


@dataclass(frozen=True, slots=True)
class Shift:
    """Rows `first` to `last` move by one `unit` of indentation, deeper or (`outdent`) shallower; `prefix` is the block's present
    indentation."""

    first: int
    last: int
    prefix: str
    unit: str
    outdent: bool = False


@dataclass(frozen=True, slots=True)
class Insertion:
    """A line (without ending) in front of `row`, or behind it; `moves` says whether the shifts of its own site move it too."""

    row: int
    text: str
    moves: bool = False
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Replacement:
    """The text from (`row`, `column`) up to (`end_row`, `end_column`), columns from 1, becomes `text`."""

    row: int
    column: int
    end_row: int
    end_column: int
    text: str

    @classmethod
    def of(cls, at: Range, text: str) -> Replacement:
        """What stands at `at` becomes `text`."""
        return cls(at.row, at.column, at.end_row, at.end_column, text)

    def touches(self, rows: set[int]) -> bool:
        """Whether some of it lies on one of these rows."""
        return any(row in rows for row in range(self.row, self.end_row + 1))

    def overlaps(self, other: Replacement) -> bool:
        """Whether both want the same text, or the same place."""
        start, end = (self.row, self.column), (self.end_row, self.end_column)
        first, last = (other.row, other.column), (other.end_row, other.end_column)
        return start == first or (start < last and first < end)


@dataclass(slots=True)
class LineEdits:
    """What one site wants done to one file."""

    deleted: set[int] = field(default_factory=set)
    shifts: list[Shift] = field(default_factory=list)
    inserted: list[Insertion] = field(default_factory=list)
    replaced: list[Replacement] = field(default_factory=list)

    def delete(self, first: int, last: int) -> None:
        """Rows `first` to `last` go."""
        self.deleted.update(range(first, last + 1))

    def texts(self) -> list[str]:
        """The texts that come into the file."""
        return [*(new.text for new in self.inserted), *(edit.text for edit in self.replaced)]

    def clashes(self, other: LineEdits) -> bool:
        """Whether both want the same text, so that one of them has to wait (shifts and insertions of several sites add up)."""
        if self.deleted & other.deleted:
            return True
        mine, theirs = self.replaced, other.replaced
        if any(edit.touches(other.deleted) for edit in mine) or any(edit.touches(self.deleted) for edit in theirs):
            return True
        return any(one.overlaps(two) for one in mine for two in theirs)


def compose(text: SourceText, sites: list[LineEdits], strings: frozenset[int]) -> list[str]:
    """The lines of `text` after the edits of all `sites`; `strings` are the rows that begin inside a string."""
    return [line for _, line in compose_by_row(text, sites, strings)]


def compose_by_row(text: SourceText, sites: list[LineEdits], strings: frozenset[int]) -> list[tuple[int, str]]:
    """The same, each line with the row that it comes from or stands at; what is behind the last one has the row after it."""
    lines = list(text.lines)
    deleted = set().union(*(site.deleted for site in sites)) if sites else set()
    for edit in sorted((edit for site in sites for edit in site.replaced), key=lambda e: (e.row, e.column), reverse=True):
        head, tail = lines[edit.row - 1][: edit.column - 1], lines[edit.end_row - 1][edit.end_column - 1 :]
        lines[edit.row - 1] = head + edit.text.replace("\n", text.newline) + tail
        deleted.update(range(edit.row + 1, edit.end_row + 1))
    result: list[tuple[int, str]] = []
    inserted = _inserted(sites, text.newline)
    every = [shift for site in sites for shift in site.shifts]
    for row in range(1, len(lines) + 2):
        result += [(row, line) for line in inserted.get((row, False), ())]
        if row <= len(lines) and row not in deleted:
            pieces = [lines[row - 1]] if lines[row - 1] == text.lines[row - 1] else lines_of(lines[row - 1])
            result += [(row, piece if row in strings else _shifted(piece, row, every)) for piece in pieces]
        result += [(row, line) for line in inserted.get((row, True), ())]
    ended = _with_ending([line for _, line in result], text)
    return [(row, line) for (row, _), line in zip(result, ended, strict=True)]


def _inserted(sites: list[LineEdits], newline: str) -> dict[tuple[int, bool], list[str]]:
    """The new lines by the row that they belong to and whether they stand behind it."""
    found: dict[tuple[int, bool], list[str]] = {}
    for index, site in enumerate(sites):
        for new in site.inserted:
            shifts = [s for other, edits in enumerate(sites) if other != index or new.moves for s in edits.shifts]
            found.setdefault((new.row, new.behind), []).append(_shifted(new.text, new.row, shifts) + newline)
    return found


def _shifted(line: str, row: int, shifts: list[Shift]) -> str:
    """The line where the shifts move it. What is in front of a form feed does not count as indentation, as in Python's tokenizer."""
    if not line.strip():
        return line
    feed = _FEED.match(line)
    if feed is not None:
        return feed[0] + _shifted(line[feed.end() :], row, shifts)
    for shift in sorted((s for s in shifts if s.first <= row <= s.last), key=lambda s: len(s.prefix), reverse=True):
        if not line.startswith(shift.prefix):
            continue
        rest = line[len(shift.prefix) :]
        if not shift.outdent:
            line = shift.prefix + shift.unit + rest
        elif shift.prefix.endswith(shift.unit):
            line = shift.prefix[: len(shift.prefix) - len(shift.unit)] + rest
    return line


def _with_ending(lines: list[str], text: SourceText) -> list[str]:
    """A file that did not end with a newline goes on doing so, no line but the last may lack one, and an empty one stays a line.

    It would not where it ends in LF and now follows one that ends in CR: the two would be one ending.
    """
    had = bool(text.lines) and text.lines[-1].endswith(("\n", "\r"))
    for index, line in enumerate(lines[:-1]):
        if not line.endswith(("\n", "\r")):
            lines[index] = line + text.newline
    for index, (line, following) in enumerate(pairwise(lines)):
        if line.endswith("\r") and following == "\n":
            lines[index + 1] = "\r"
    if lines and not had and text.lines:
        lines[-1] = lines[-1].rstrip("\r\n")
    return lines
