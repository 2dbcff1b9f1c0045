"""Passages of a file: its text by offsets, and the calls that stand at a range. Entry points: `Passages`, `call_at`."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from sessionlint.facts import FunctionFacts, ops
from sessionlint.rewrite.edit import Replacement
from sessionlint.rewrite.reading.walk import walk
from sessionlint.source import Range


class Passages:
    """The text of a file, addressed by offsets, with the way from and to rows and columns."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.text = "".join(lines)
        self._starts = [0, *accumulate(len(line) for line in lines[:-1])]

    def start(self, at: Range) -> int:
        """The offset at which a range begins."""
        return self._starts[at.row - 1] + at.column - 1

    def end(self, at: Range) -> int:
        """The offset at which a range ends."""
        return self._starts[at.end_row - 1] + at.end_column - 1

    def of(self, at: Range) -> str:
        """The text of a range."""
        return self.text[self.start(at) : self.end(at)]

    def place(self, offset: int) -> tuple[int, int]:
        """The row and column of an offset; the end of the file belongs to its last row."""
        row = bisect_right(self._starts, offset)
        return row, offset - self._starts[row - 1] + 1

    def replacement(self, start: int, end: int, text: str) -> Replacement:
        """`text` in place of what stands from `start` up to `end`."""
        return Replacement(*self.place(start), *self.place(end), re.sub(r"\r\n?", "\n", text))


def call_at(function: FunctionFacts, at: Range) -> ops.Call | None:
    """The call that stands at a range of a function's body, awaited or not."""
    for node in walk(*function.body):
        value = node.value if isinstance(node, ops.Await) else node
        if isinstance(value, ops.Call) and node.at == at:
            return value
    return None
