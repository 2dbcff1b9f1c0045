"""Where a comment about a row can stand: at the end of a row, or above the statement. Entry point: `Places`."""

from __future__ import annotations

import tokenize
from dataclasses import dataclass

from sessionlint.rewrite.text import SourceText, tokens_of

_NOT_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.NEWLINE}


@dataclass(frozen=True, slots=True)
class Place:
    """`row` is the one whose end takes a comment; `first` the first row of the statement, above which one may stand alone."""

    row: int
    first: int


class Places:
    """The logical lines of a Python file, of which `strings` are the rows that begin inside a string.

    Raises `SyntaxError` or `tokenize.TokenError` where this Python does not understand the file.
    """

    def __init__(self, content: bytes, text: SourceText, strings: frozenset[int]) -> None:
        self._text = text
        self._inside = strings
        self._lines: dict[int, tuple[int, int]] = {}
        first = 0
        for token in tokens_of(content):
            if token.type not in _NOT_CODE and not first:
                first = token.start[0]
            elif token.type == tokenize.NEWLINE and first:
                self._lines.update(dict.fromkeys(range(first, token.start[0] + 1), (first, token.start[0])))
                first = 0

    def of(self, row: int) -> Place | None:
        """The place for a comment about `row`: its own end, unless a string or a backslash is in the way; None outside all statements."""
        if row not in self._lines:
            return None
        first, last = self._lines[row]
        return Place(row if self._takes_comment(row) else last, first)

    def _takes_comment(self, row: int) -> bool:
        return row + 1 not in self._inside and not self._text.lines[row - 1].rstrip().endswith("\\")
