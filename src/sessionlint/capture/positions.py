"""Where in the text a node stands: the one file that knows how positions are obtained.

libcst's tree holds no positions, and its `PositionProvider` takes longer than the parse. But the tree names every token in order, so a walk
in that order can step along the text itself, which `Cursor` does: over what separates tokens, then over the token, whose length the
tree tells. In return the walk consumes each token of each node, in order. Tests compare the ranges with `PositionProvider`'s.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate, count
from operator import add

from sessionlint.source import Range

_BLANK = r"[ \t\f\r\n\\]"
_BETWEEN = re.compile(rf"(?:{_BLANK[:-1]},;:=]+|\#[^\r\n]*)*").match
_TRIVIA = re.compile(rf"(?:{_BLANK}+|\#[^\r\n]*)*").match
_SEPARATORS = frozenset(" \t\f\r\n\\,;:=#")
_ROW = re.compile(r"\r\n?|\n")


def row_starts(text: str) -> list[int]:
    """The offset at which each row begins, with one beyond the end."""
    if "\r" in text:
        starts = [0, *(match.end() for match in _ROW.finditer(text))]
    else:  # the same, several times faster
        starts = list(map(add, accumulate(map(len, text.split("\n")[:-1]), initial=0), count()))
    starts.append(len(text) + 2)
    return starts


class Cursor:
    """A place in the text that moves forward with the walk over the tree.

    `pos` is the offset after the last token consumed. Commas, semicolons, colons and `=` that stand alone are no tokens here: no range
    begins or ends with one, except in the few places that use `trivia`.
    """

    __slots__ = ("_first", "_next", "_row", "pos", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text + "\0"  # so that there is always a next character
        self.starts = row_starts(text)
        self.pos = 0
        self._row, self._first, self._next = 1, 0, self.starts[1]

    def start(self) -> int:
        """Move to the next token; gives its offset."""
        pos = self.pos
        if self.text[pos] in _SEPARATORS:
            self.pos = pos = _BETWEEN(self.text, pos).end()  # type: ignore[union-attr]  # matches the empty string too
        return pos

    def trivia(self) -> int:
        """Move over blanks, line ends and comments alone; gives the offset of what follows."""
        self.pos = pos = _TRIVIA(self.text, self.pos).end()  # type: ignore[union-attr]  # as above
        return pos

    def take(self, length: int) -> int:
        """Consume the next token, which has this length; gives its offset."""
        start = self.start()
        self.pos = start + length
        return start

    def take_mark(self, length: int = 1) -> int:
        """Consume a token that begins with a separator, such as the colon that ends a header; gives its offset."""
        start = self.trivia()
        self.pos = start + length
        return start

    def since(self, start: int) -> Range:
        """From an offset to the last token consumed."""
        first, end = self._first, self.pos
        if first <= start and end < self._next:  # as mostly: in the row of the range before
            return Range(self._row, start - first + 1, self._row, end - first + 1)
        return self.between(start, end)

    def between(self, start: int, end: int) -> Range:
        """From one offset to another."""
        first = self._first
        if start < first or start >= self._next:
            row = bisect_right(self.starts, start)
            self._row, first, self._next = row, self.starts[row - 1], self.starts[row]
            self._first = first
        row = self._row
        if end < self._next:
            return Range(row, start - first + 1, row, end - first + 1)
        end_row = bisect_right(self.starts, end)
        return Range(row, start - first + 1, end_row, end - self.starts[end_row - 1] + 1)
