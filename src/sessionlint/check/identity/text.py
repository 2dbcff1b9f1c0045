"""The logical lines of a file and how they are nested, read from the text alone. Entry point: `Text`."""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from sessionlint.check.identity.normal_form import normal_form
from sessionlint.source import Range
from sessionlint.source.decoding import decoded

_STRING = r"""(?:"(?!"")[^"\\\r\n]*"|'(?!'')[^'\\\r\n]*')"""
_INNER = r"""[^"'\#\\\r\n()\[\]{}]*"""
_OUTER = r"""[^"'\#\\\r\n()\[\]{};:]*"""
_GROUP = rf"\({_INNER}(?:{_STRING}{_INNER})*\)"
_PLAIN_ROW = re.compile(rf"({_OUTER}(?:(?:{_GROUP}|{_STRING}){_OUTER})*(?::[ \t]*|\#[^\r\n]*)?)(?:\r\n|\r|\n)")
"""A row that is one logical line, or none, as most are: there is nothing to take apart."""

_PIECE = re.compile(
    r"""
      (?P<string>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\r\n])*"?|'(?:\\.|[^'\\\r\n])*'?)
    | (?P<comment>\#[^\r\n]*)
    | (?P<joined>\\(?:\r\n|\r|\n))
    | (?P<end>\r\n|\r|\n)
    | (?P<group>{group})
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<stop>;)
    | (?P<colon>:(?!=))
    | (?P<rest>[^"'\#\\\r\n()\[\]{};:]+|.)
    """.replace("{group}", _GROUP),
    re.VERBOSE | re.DOTALL,
)
_HEADER = re.compile(r"(?:async\s+)?(?:if|elif|else|for|while|try|except|finally|with|def|class|case)\b")
_DEFINITION = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)")
_PYTHON = {".py", ".pyi", ".pyw", ""}


@dataclass(slots=True)
class Line:
    """A logical line: where it begins, the last row it is on, how far it is indented, and its text. `parent` is the index of the header
    above it, -1 for none."""

    row: int
    column: int
    last_row: int
    indent: float
    text: str
    parent: int = -1

    @property
    def definition(self) -> str:
        """The name of what it defines: of a `def` or `class`; empty for any other line."""
        found = _DEFINITION.match(self.text)
        return found[1] if found else ""


class Text:
    """One file. In one that is not Python every row with something on it is a line of its own."""

    def __init__(self, name: str, content: bytes) -> None:
        text = decoded(content)
        self._is_python = PurePosixPath(name).suffix in _PYTHON
        self.lines = list(_nested(_logical(text) if self._is_python else _physical(text)))
        self._text = text
        self._normal: dict[int, str] = {}

    @cached_property
    def _rows(self) -> list[str]:
        return list(io.StringIO(self._text, newline=""))

    @cached_property
    def _starts(self) -> list[tuple[int, int]]:
        return [(line.row, line.column) for line in self.lines]

    def index_at(self, at: Range) -> int:
        """The index of the line that a place is on, of the next one for a place between lines; -1 if there is none."""
        index = bisect_right(self._starts, (at.row, at.column)) - 1
        if index < 0 or self.lines[index].last_row < at.row:
            index += 1
        return index if index < len(self.lines) else -1

    def normal(self, index: int) -> str:
        """A line in its normal form."""
        if index not in self._normal:
            text = self.lines[index].text
            self._normal[index] = normal_form(text) if self._is_python else " ".join(text.split())
        return self._normal[index]

    def passage(self, at: Range) -> str:
        """What stands at a range, in its normal form."""
        rows = self._rows[at.row - 1 : at.end_row]
        if not rows:
            return ""
        rows[-1] = rows[-1][: at.end_column - 1]
        rows[0] = rows[0][at.column - 1 :]
        return normal_form("".join(rows))

    def scope_of(self, index: int) -> int:
        """The index of the nearest `def` or `class` that a line is in (a definition is in the one around it), -1 for the module."""
        above = self.lines[index].parent
        while above >= 0 and not self.lines[above].definition:
            above = self.lines[above].parent
        return above

    def qualname_of(self, index: int) -> str:
        """The names of the definitions that a line is in."""
        names = []
        scope = self.scope_of(index)
        while scope >= 0:
            names.append(self.lines[scope].definition)
            scope = self.scope_of(scope)
        return ".".join(reversed(names))


def _physical(text: str) -> Iterator[Line]:
    for row, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if line.strip():
            yield Line(row, 1, row, 0, line.strip())


def _logical(text: str) -> Iterator[Line]:
    """Python's logical lines; of several in one row each, the body behind a header's colon as if it were on the next."""
    row, position = 1, 0
    while position < len(text):
        found = _PLAIN_ROW.match(text, position)
        if found is None:
            row, position = yield from _taken_apart(text, row, position)
            continue
        code = found[1].lstrip()
        if code and code[0] != "#":
            indent = len(found[1]) - len(code)
            yield Line(row, indent + 1, row, float(len(found[1][:indent].expandtabs())), code.rstrip())
        row, position = row + 1, found.end()


def _taken_apart(text: str, row: int, start: int) -> Generator[Line, None, tuple[int, int]]:
    """The lines that begin in one row; gives the row behind them and where it begins."""
    row_start, depth = start, 0
    line: Line | None = None
    begun, indent = 0, 0.0
    for found in _PIECE.finditer(text, start):
        kind, piece = found.lastgroup, found[0]
        if line is None and kind not in {"comment", "joined", "end"} and piece.strip():
            begun = found.start() + len(piece) - len(piece.lstrip())
            if not text[row_start:begun].strip():
                indent = float(len(text[row_start:begun].expandtabs()))
            line = Line(row, begun - row_start + 1, row, indent, "")
        depth = max(depth + (kind == "open") - (kind == "close"), 0)
        is_body_next = kind == "colon" and depth == 0 and line is not None and _HEADER.match(text, begun) is not None
        if line is not None and (is_body_next or (kind in {"end", "stop"} and depth == 0)):
            line.text, line.last_row = text[begun : found.end() if is_body_next else found.start()].strip(), row
            yield line
            line, indent = None, indent + 0.5 * is_body_next
        if "\n" in piece or "\r" in piece:
            row += _breaks(piece)
            row_start = found.end() - len(re.split(r"[\r\n]", piece)[-1])
            if kind == "end" and depth == 0:
                return row, row_start
    if line is not None:
        line.text, line.last_row = text[begun:].strip(), row
        yield line
    return row, len(text)


def _breaks(piece: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", piece))


def _nested(lines: Iterator[Line]) -> Iterator[Line]:
    """The lines, each with its parent: the nearest above it that is indented less."""
    open_lines: list[tuple[float, int]] = []
    for index, line in enumerate(lines):
        while open_lines and open_lines[-1][0] >= line.indent:
            open_lines.pop()
        line.parent = open_lines[-1][1] if open_lines else -1
        open_lines.append((line.indent, index))
        yield line
