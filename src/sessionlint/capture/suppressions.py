"""Comments that silence findings, and the rows each speaks for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from sessionlint.capture.positions import row_starts
from sessionlint.capture.reduction import Tables
from sessionlint.facts import Suppression
from sessionlint.source import Range

_MARK = re.compile(r"noqa|sessionlint", re.IGNORECASE)
_CODES = r":\s?(?P<codes>(?:[A-Z]+[0-9]+(?:[,\s]+)?)+)"
"""As flake8 has it: what follows the codes is a comment, and where nothing is a code, all codes are meant."""
_REST = r"(?:(?!\s+#\s*[A-Za-z]|(?<=\s)#\s*[A-Za-z]).)*"
"""What belongs to a comment: all of it up to another one behind it; `see #12` is none."""
_NOQA = re.compile(rf"#\s*noqa(?:{_CODES}|(?![\w-]))(?P<reason>{_REST})", re.IGNORECASE)
_FILE_NOQA = re.compile(rf"#\s*(?:flake8|ruff)[:=]\s*noqa(?:{_CODES}|(?![\w-]))(?P<reason>{_REST})", re.IGNORECASE)
_OURS = re.compile(rf"#\s*sessionlint\s*:\s*(?P<text>{_REST})", re.IGNORECASE)
FORM = re.compile(
    r"(?P<kind>ignore|file-ignore|disable|enable)\s*\[\s*(?P<codes>[\w-]+(?:\s*,\s*[\w-]+)*)\s*,?\s*\]\s*(?:--\s*(?P<reason>\S.*)?)?"
)
_ONE = re.compile(r"[\w-]+")
_CODE = re.compile(r"[A-Z]+[0-9]+", re.IGNORECASE)
_TAB = 8


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment: its text from the first `#`, where that stands, and whether nothing but blanks stands before it."""

    text: str
    row: int
    column: int
    is_alone: bool


class _Rows:
    """Which rows are code, and which logical line each belongs to."""

    def __init__(self, text: str, tables: Tables) -> None:
        self._text = text
        self.starts = row_starts(text)
        self.last = len(self.starts) - 1
        self._lines = sorted((self.row(start), self.row(end)) for start, end in tables.lines)
        self._decorated = {self.row(start): self.row(end) for start, end in tables.decorated.items()}
        self._around: dict[int, tuple[int, int]] = {}
        for first, last in self._lines:  # they share rows where a body follows its colon
            for row in range(first, last + 1):
                other_first, other_last = self._around.get(row, (first, last))
                self._around[row] = min(first, other_first), max(last, other_last)

    def row(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def around(self, row: int) -> tuple[int, int] | None:
        """The rows of the logical lines that this row is part of; None if it is part of none."""
        return self._around.get(row)

    def after(self, row: int) -> tuple[int, int]:
        """The rows of the next logical line; decorators and the header below them are one."""
        position = bisect_left(self._lines, (row + 1, 0))
        if position == len(self._lines):
            return row, row
        first, last = self._around[self._lines[position][0]]
        return first, max(last, self._decorated.get(first, last))

    def end_of_block(self, row: int) -> int:
        """The last row of the block that a comment alone on this row stands in: behind it the code is less deeply indented."""
        indent = self._indent(row)
        position = bisect_left(self._lines, (row + 1, 0))
        return next((first - 1 for first, _ in self._lines[position:] if self._indent(first) < indent), self.last)

    def _indent(self, row: int) -> int:
        line = self._text[self.starts[row - 1] : min(self.starts[row], len(self._text))].rpartition("\f")[2].expandtabs(_TAB)
        return len(line) - len(line.lstrip())


def has_suppressions(text: str) -> bool:
    """Whether a file may hold comments that silence findings."""
    lowered = text.lower()
    return "noqa" in lowered or "sessionlint" in lowered


def suppressions(text: str, tables: Tables) -> tuple[Suppression, ...]:
    """The suppressions of a file, in the order of the text."""
    if not has_suppressions(text):
        return ()
    rows = _Rows(text, tables)
    return tuple(found for comment in _comments(text, rows, tables) for found in _in_comment(comment, rows))


def _comments(text: str, rows: _Rows, tables: Tables) -> Iterator[_Comment]:
    strings = sorted(tables.strings)
    last = 0
    for match in _MARK.finditer(text):
        row = rows.row(match.start())
        if row == last:
            continue
        start = rows.starts[row - 1]
        end = min(rows.starts[row], len(text))
        sign = _comment_start(text, start, end, strings)
        if sign is None or sign > match.start():
            continue
        last = row
        yield _Comment(text[sign:end].rstrip(), row, sign - start + 1, not text[start:sign].strip())


def _comment_start(text: str, start: int, end: int, strings: list[tuple[int, int]]) -> int | None:
    """The first `#` of a row that is in no string."""
    sign = text.find("#", start, end)
    while sign >= 0:
        position = bisect_right(strings, (sign, len(text))) - 1
        if position < 0 or strings[position][1] <= sign:
            return sign
        sign = text.find("#", max(strings[position][1], sign + 1), end)
    return None


def _in_comment(comment: _Comment, rows: _Rows) -> Iterator[Suppression]:
    if comment.is_alone and (match := _FILE_NOQA.match(comment.text)) is not None:
        yield Suppression("noqa", _noqa_codes(match), _reason(match), _at(comment, match), 1, rows.last)
        return
    found = [*_NOQA.finditer(comment.text), *_OURS.finditer(comment.text)]
    for match in sorted(found, key=lambda match: match.start()):
        if match.re is _NOQA:
            first, last = rows.around(comment.row) or (comment.row, comment.row)
            yield Suppression("noqa", _noqa_codes(match), _reason(match), _at(comment, match), first, last)
        else:
            yield _ours(comment, match, rows)


def _ours(comment: _Comment, match: re.Match[str], rows: _Rows) -> Suppression:
    at = _at(comment, match)
    form = FORM.fullmatch(match["text"].strip())
    around = rows.around(comment.row)
    if form is None or (form["kind"] in {"disable", "enable"} and not comment.is_alone):
        return Suppression("malformed", (), match["text"].strip(), at, *(around or (comment.row, comment.row)))
    kind = form["kind"]
    if kind == "file-ignore":
        lines = (1, rows.last)
    elif kind in {"disable", "enable"}:
        lines = (comment.row, rows.end_of_block(comment.row))
    elif around is not None:
        lines = around
    else:
        lines = rows.after(comment.row) if comment.is_alone else (comment.row, comment.row)
    return Suppression(kind, codes_in(form["codes"]), (form["reason"] or "").strip(), at, *lines)


def codes_in(codes: str) -> tuple[str, ...]:
    """The codes and names in a list, upper case."""
    return tuple(code.upper() for code in _ONE.findall(codes))


def _noqa_codes(match: re.Match[str]) -> tuple[str, ...]:
    """The codes of a `noqa`; flake8 takes `E501W291` for two."""
    return tuple(code.upper() for code in _CODE.findall(match["codes"] or ""))


def _reason(match: re.Match[str]) -> str:
    """What follows the codes of a `noqa`."""
    return match["reason"].strip().lstrip("-–—:,").strip()


def _at(comment: _Comment, match: re.Match[str]) -> Range:
    length = len(match[0].rstrip())
    column = comment.column + match.start()
    return Range(comment.row, column, comment.row, column + length)
