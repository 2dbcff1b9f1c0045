"""How a statement is taken out of the text: with its line, out of a line that it shares, or for a `pass`. Entry point: `deletion`."""

from __future__ import annotations

import re

from sessionlint.rewrite.edit import LineEdits, Replacement
from sessionlint.source import Range

_DIRECTIVE = re.compile(r"#\s*(noqa|type:|sessionlint:|pyright:|pylint:|pragma:|nosec)", re.I)
"""A comment that is about the statement alone and means nothing without it."""


def deletion(lines: tuple[str, ...], at: Range, *, is_alone: bool) -> LineEdits | None:
    """The edits that take out the statement at a range, which `is_alone` in its block or not; a comment on its line stays. None where the
    text around it is not understood."""
    line, last = lines[at.row - 1].rstrip("\r\n"), lines[at.end_row - 1].rstrip("\r\n")
    before, after = line[: at.column - 1], last[at.end_column - 1 :]
    code, mark, comment = after.partition("#")
    note = f"#{comment}".rstrip() if mark and not _DIRECTIVE.match(f"#{comment}") else ""
    code = code.strip()
    if before.rstrip().endswith(";") and code in ("", ";"):
        return _replaced(at.row, len(before.rstrip()), at.end_row, at.end_column + after.index(";") + 1 if code else at.end_column, "")
    if code.startswith(";") and code != ";":
        rest = after[after.index(";") + 1 :]
        return _replaced(at.row, at.column, at.end_row, at.end_column + len(after) - len(rest.lstrip()), "")
    if code not in ("", ";"):
        return None
    if before.strip() or is_alone:
        if before.strip() and not before.rstrip().endswith(":"):
            return None
        return _replaced(at.row, at.column, at.end_row, at.end_column, "pass")
    if note:
        return _replaced(at.row, at.column, at.end_row, len(last) + 1, note)
    edits = LineEdits()
    edits.delete(at.row, at.end_row)
    if at.row > 1 and not lines[at.row - 2].strip() and not (lines[at.end_row].strip() if at.end_row < len(lines) else ""):
        edits.delete(at.row - 1, at.row - 1)
    return edits


def _replaced(row: int, column: int, end_row: int, end_column: int, text: str) -> LineEdits:
    return LineEdits(replaced=[Replacement(row, column, end_row, end_column, text)])
