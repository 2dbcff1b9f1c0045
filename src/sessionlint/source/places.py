"""Positions as users see them: rows and columns from 1, columns in characters, the end column exclusive."""

from __future__ import annotations

import msgspec


class Range(msgspec.Struct, frozen=True, array_like=True, gc=False, order=True):
    """A stretch of one file.

    Rows and columns count from 1; a column counts characters, not bytes; `end_column` is the first column after it.
    """

    row: int
    column: int
    end_row: int
    end_column: int


class Location(msgspec.Struct, frozen=True, array_like=True, gc=False, order=True):
    """A range in a file; `file` is the path as shown to users (relative to the project root where possible, `/` as separator)."""

    file: str
    range: Range

    def __str__(self) -> str:
        return f"{self.file}:{self.range.row}:{self.range.column}"
