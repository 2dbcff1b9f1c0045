"""Which rows of the new side a patch changes. Entry point: `changed_rows`."""

from __future__ import annotations

import os
import re
from typing import TypeAlias

Rows: TypeAlias = tuple[tuple[int, int], ...]
"""Stretches of rows from 1, the last included, in order; one of which the last row is before the first is a place where rows are gone."""

_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_NAMED = dict(zip(b"abtnvfr", b"\a\b\t\n\v\f\r", strict=True))
_HUNK = re.compile(rb"@@ -\S+ \+(\d+)(?:,(\d+))? @@")


def changed_rows(patch: bytes) -> dict[str, Rows]:
    """The rows that are new in each file that a patch without context changes, by path; it has to be made with the prefix `b/`."""
    found: dict[str, list[tuple[int, int]]] = {}
    rows: list[tuple[int, int]] | None = None
    left = 0
    for line in patch.split(b"\n"):
        if left:  # contents: whatever they look like
            left -= line[:1] == b"+"
        elif line.startswith(b"diff --git "):
            rows = None
        elif line.startswith(b"+++ "):
            path = _path(line[4:])
            rows = found.setdefault(path.removeprefix("b/"), []) if path.startswith("b/") else None
        elif rows is not None and (hunk := _HUNK.match(line)):
            first, left = int(hunk[1]), int(hunk[2] or 1)
            rows.append((first, first + left - 1) if left else (first + 1, first))
    return {path: tuple(stretches) for path, stretches in found.items()}


def _path(text: bytes) -> str:
    """A path as git writes it in a patch: quoted like in C where it has to be, with a tab behind it where it has blanks."""
    text = text.removesuffix(b"\t")
    if not (text.startswith(b'"') and text.endswith(b'"')):
        return os.fsdecode(text)
    return os.fsdecode(_ESCAPE.sub(_unescaped, text[1:-1]))


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) if len(code) == 3 else _NAMED.get(code[0], code[0])])
