"""Where in the text a node of Python's own parser stands: it counts columns in bytes, and takes the parentheses of some nodes as theirs."""

from __future__ import annotations

import ast
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import libcst as cst

from sessionlint.capture.reduction import Handlers, Reduction, Scope, Tables
from sessionlint.source import Range

_CLOSING = re.compile(r"[ \t\f\r\n\\]*(?:#[^\r\n]*[\r\n][ \t\f\r\n\\]*)*\)")
_OPENING = " \t\f\r\n\\("
_FOREIGN = re.compile(r"[^\x00-\x7f]+")


class Odd(Exception):
    """Code whose places cannot be told by the tree alone: libcst has to read it."""


class Placed(Protocol):
    """A node that has a place: every statement and expression, and some others."""

    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


@dataclass(slots=True)
class Run:
    """Statements of one block that follow each other: libcst's nodes of them, the first row, and how many they are in Python's tree."""

    row: int
    count: int
    nodes: Sequence[cst.CSTNode] = ()


class Plain(Reduction):
    """A walk over Python's own tree; as a `Reduction` it can walk over a tree of libcst from any offset on (`pos`)."""

    __slots__ = ("_foreign", "runs")

    def __init__(self, text: str, handlers: Handlers, tables: Tables, scope: Scope) -> None:
        """Raises `Odd` for names that Python reads in another spelling (NFKC)."""
        super().__init__(text, handlers, tables, scope)
        self.runs: Mapping[int, Run] = {}
        self._foreign: dict[int, bytes] = {}
        if not text.isascii():
            if any(map(_is_respelled, set(_FOREIGN.findall(text)))):
                raise Odd
            lines = ((row, text[start:end]) for row, (start, end) in enumerate(zip(self.starts, self.starts[1:], strict=False), 1))
            self._foreign = {row: line.encode() for row, line in lines if not line.isascii()}

    def at(self, node: Placed) -> Range:
        """The range of a node."""
        row, end_row = node.lineno, node.end_lineno
        if self._foreign:
            return Range(row, self._column(row, node.col_offset), end_row, self._column(end_row, node.end_col_offset))  # type: ignore[arg-type]
        return Range(row, node.col_offset + 1, end_row, node.end_col_offset + 1)  # type: ignore[arg-type, operator]  # a parsed node has them

    def begin(self, node: Placed) -> int:
        """The offset at which a node begins."""
        return self.starts[node.lineno - 1] + self._column(node.lineno, node.col_offset) - 1

    def finish(self, node: Placed) -> int:
        """The offset after a node."""
        row = node.end_lineno
        return self.starts[row - 1] + self._column(row, node.end_col_offset) - 1  # type: ignore[operator, arg-type]  # as above

    def place(self, offset: int) -> tuple[int, int]:
        """The row of an offset, and its column as Python's parser counts: from 0, in bytes."""
        row = bisect_right(self.starts, offset)
        start = self.starts[row - 1]
        return row, len(self.text[start:offset].encode()) if row in self._foreign else offset - start

    def outer_finish(self, node: Placed, limit: int) -> int:
        """The offset after a node and the parentheses that close behind it, as far as `limit`."""
        end = self.finish(node)
        while end < limit and (match := _CLOSING.match(self.text, end, limit)) is not None:
            end = match.end()
        return end

    def outer(self, node: Placed, finish: int) -> Range:
        """The range of an expression with its parentheses, of which the last closes at `finish`."""
        start, end, count = self.begin(node), self.finish(node), 0
        while end < finish:
            if (match := _CLOSING.match(self.text, end, finish)) is None:
                raise Odd
            end, count = match.end(), count + 1
        while count:
            start -= 1
            if self.text[start] not in _OPENING:
                raise Odd
            count -= self.text[start] == "("
        return self.between(start, finish)

    def has_parentheses(self, node: ast.Tuple) -> bool:
        """Whether the parentheses at both ends of a tuple's range, if any, are the tuple's own."""
        start, finish = self.begin(node), self.finish(node)
        if self.text[start] != "(" or self.text[finish - 1] != ")":
            return False
        if not node.elts:
            return True
        first = node.elts[0]
        inner = self.begin(first)
        opened = re.sub(r"#[^\r\n]*", "", self.text[start:inner]).count("(")
        end, closed = self.finish(first), 0
        while (match := _CLOSING.match(self.text, end, finish)) is not None:
            end, closed = match.end(), closed + 1
        return opened > closed or (len(node.elts) == 1 and end == finish)

    def inside(self, node: Placed, last: Placed | None) -> Range:
        """The range of what stands between a node's own parentheses; `last` is the last expression in it."""
        finish = self.finish(node) - 1
        self.pos = self.begin(node) + 1
        if last is None:
            start = self.start()
            return self.between(start, start)
        start = self.trivia()
        end = self.outer_finish(last, finish)
        self.pos = end
        comma = self.trivia()
        return self.between(start, comma + 1 if self.text[comma] == "," and comma < finish else end)

    def _column(self, row: int, offset: int) -> int:
        """The column, from 1, of an offset in bytes."""
        line = self._foreign.get(row)
        return offset + 1 if line is None else len(line[:offset].decode()) + 1


def _is_respelled(characters: str) -> bool:
    """Whether Python reads a name with these characters in another spelling."""
    of_names = "".join(character if f"a{character}".isidentifier() else " " for character in characters)
    return not unicodedata.is_normalized("NFKC", of_names) or any(map(unicodedata.combining, of_names))
