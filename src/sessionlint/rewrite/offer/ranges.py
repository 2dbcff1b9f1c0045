"""What edits to a file are as ranges of its text and what comes in their place, for those who show or apply them themselves.
Entry point: `replaced_ranges`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sessionlint.rewrite.text import lines_of
from sessionlint.source import Range

_WORD = re.compile(r"\w")


def replaced_ranges(lines: Sequence[str], composed: Sequence[tuple[int, str]]) -> Iterator[tuple[Range, str]]:
    """The ranges of `lines` that become another text, in order, none touching another; `composed` are the new lines with the rows that they
    come from. A range is whole lines where they come, go or move, and part of a line where that is all."""
    by_row: dict[int, list[str]] = {}
    for row, line in composed:
        by_row.setdefault(row, []).append(line)
    first, new = 0, ""
    for row in range(1, len(lines) + 2):
        old, now = "".join(lines[row - 1 : row]), "".join(by_row.get(row, ()))
        if old != now:
            first, new = first or row, new + now
        elif first:
            yield _narrowed(lines, first, row, new)
            first, new = 0, ""
    if first:
        yield _narrowed(lines, first, len(lines) + 1, new)


def _narrowed(lines: Sequence[str], first: int, end: int, new: str) -> tuple[Range, str]:
    """Rows `first` up to `end` that become `new`, without what stays at both ends: lines, and within one line what is no part of a word."""
    old_lines, new_lines = list(lines[first - 1 : end - 1]), lines_of(new)
    while old_lines and new_lines and old_lines[-1] == new_lines[-1]:
        old_lines.pop()
        new_lines.pop()
    while old_lines and new_lines and old_lines[0] == new_lines[0]:
        first += 1
        del old_lines[0], new_lines[0]
    old, new = "".join(old_lines), "".join(new_lines)
    head, tail = _alike(old, new)
    start, end_at = _place(first, old[:head]), _place(first, old[: len(old) - tail])
    return Range(*start, *end_at), new[head : len(new) - tail]


def _alike(old: str, new: str) -> tuple[int, int]:
    """How many characters at the beginning and at the end are the same, no word and no line ending being divided."""
    most = min(len(old), len(new))
    head = next((index for index in range(most) if old[index] != new[index]), most)
    while head and (_divides(old, head) or _divides(new, head)):
        head -= 1
    most -= head
    tail = next((index for index in range(most) if old[-1 - index] != new[-1 - index]), most)
    while tail and (_divides(old, len(old) - tail) or _divides(new, len(new) - tail)):
        tail -= 1
    return head, tail


def _divides(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    before, behind = text[at - 1], text[at]
    return (before == "\r" and behind == "\n") or bool(_WORD.match(before) and _WORD.match(behind))


def _place(first: int, text: str) -> tuple[int, int]:
    """Row and column behind `text`, which begins in row `first`."""
    lines = lines_of(text)
    if lines and not lines[-1].endswith(("\r", "\n")):
        return first + len(lines) - 1, len(lines[-1]) + 1
    return first + len(lines), 1
