"""Lines of source with their numbers, and carets below what is meant."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from sessionlint.report.printable import printable, printables
from sessionlint.report.view import View
from sessionlint.source import Location

_CUT = "…"


@dataclass(frozen=True, slots=True)
class ExcerptLine:
    """A line as it is printed; `caret` is the offset and length, in cells of the terminal, of what is meant in it, if anything is."""

    row: int
    text: str
    caret: tuple[int, int] | None


def excerpt(view: View, at: Location, *, before: int = 0, after: int = 0, room: int = 0) -> tuple[ExcerptLine, ...]:
    """The row where `at` begins, with so many rows around it as there are; cut to `room` cells if that is not 0."""
    found = []
    for row in range(at.range.row - before, at.range.row + after + 1):
        line = view.line(at.file, row)
        if row == at.range.row:
            if line.strip():
                found.append(_marked(row, line, _columns(at, line), room))
        elif line.strip():
            found.append(ExcerptLine(row, _cut(printable(line), room), None))
    return tuple(found)


def _columns(at: Location, line: str) -> tuple[int, int]:
    start = at.range.column - 1
    end = at.range.end_column - 1 if at.range.end_row == at.range.row else len(line.rstrip())
    return start, max(end, start + 1)


def _marked(row: int, line: str, columns: tuple[int, int], room: int) -> ExcerptLine:
    start, end = columns
    shown = printables(line)
    head, body, tail = ("".join(part) for part in (shown[:start], shown[start:end], shown[end:]))
    length = max(1, cell_len(body))
    if room and cell_len(head) + length > room:  # the front goes, as far as a third of the room before what is meant
        kept = head[max(0, len(head) - room // 3) :]
        head = _CUT + kept if kept != head else head
    offset = cell_len(head)
    if room:
        length = max(1, min(length, room - offset - 1))
    return ExcerptLine(row, _cut(head + body + tail, room), (offset, length))


def _cut(text: str, room: int) -> str:
    text = text.rstrip()
    if not room or cell_len(text) <= room:
        return text
    while cell_len(text) > room - 1:
        text = text[: -max(1, (cell_len(text) - room + 1) // 2)]
    return text + _CUT
