"""A migration as a diff, and what is to be said about it. Entry points: `report_diff`, `report_summary`."""

from __future__ import annotations

import difflib
import io
import re
import tokenize
from typing import TextIO

from sessionlint.rewrite import Change, Migration

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")


def report_diff(migration: Migration, out: TextIO) -> None:
    """Write a unified diff that `git apply` takes. Bytes are written where `out` has a binary buffer, so that no line ending is changed."""
    for change in migration.changes:
        encoding = _encoding(change.before)
        text = "".join(_diff(change, encoding))
        buffer = getattr(out, "buffer", None)
        if buffer is None:
            out.write(text)
        else:
            out.flush()
            buffer.write(text.encode(encoding))
            buffer.flush()


def _encoding(content: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _diff(change: Change, encoding: str) -> list[str]:
    before, after = (_LINE.findall(content.decode(encoding)) for content in (change.before, change.after))
    lines = []
    for line in difflib.unified_diff(before, after, f"a/{change.name}", f"b/{change.name}"):
        lines.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return lines


def report_summary(migration: Migration, out: TextIO, *, written: bool) -> None:
    """Say what was migrated, and of each site that is left where it is and why."""
    for site in migration.left:
        out.write(f"{site.file}:{site.row} {site.function}: left: {site.reason}\n")
    verb = "Migrated" if written else "Would migrate"
    count, files = len(migration.migrated), len(migration.changes)
    out.write(f"{verb} {count} site{'s' * (count != 1)} in {files} file{'s' * (files != 1)}, left {len(migration.left)}.\n")
    if written and migration.changes:
        out.write("`sessionlint rollback` undoes this.\n")
