"""`json`: an array with ruff's field names and ours beside them.

A finding's story stands under `related_locations`, as in SARIF, and once more under `related`, the shorter name that the first users asked
for. What there is nothing to say about yet is null, so that the fields are always the same.
"""

from __future__ import annotations

import json
from typing import TextIO, TypeAlias

from sessionlint.check import Finding, Fix, FixRefused
from sessionlint.report.view import View
from sessionlint.source import Location

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | bool | None


def render(view: View, out: TextIO) -> None:
    """All findings."""
    _write([_finding(view, finding) for finding in view.findings], out)


def _write(rows: list[Json], out: TextIO) -> None:
    out.write(json.dumps(rows, indent=2) + "\n")


def _finding(view: View, finding: Finding) -> Json:
    related: list[Json] = [
        {"role": step.role, "message": step.message, "filename": view.filename(step.at.file), **_extent(step.at)}
        for step in finding.related
    ]
    return {
        "cell": None,
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        "severity": finding.severity,
        "filename": view.filename(finding.at.file),
        **_extent(finding.at),
        "fix": _fix(finding.fix),
        "fix_refused": _refused(finding.fix_refused),
        "url": None,
        "noqa_row": finding.at.range.row,
        "confidence": finding.confidence,
        "fingerprint": finding.fingerprint,
        "function": finding.qualname or None,
        "help": view.help(finding) or None,
        "related_locations": related,
        "related": related,
        "suppressed": False,
        "baseline": None,
    }


def _extent(at: Location) -> dict[str, Json]:
    start: Json = {"row": at.range.row, "column": at.range.column}
    end: Json = {"row": at.range.end_row, "column": at.range.end_column}
    return {"location": start, "end_location": end}


def _fix(fix: Fix | None) -> Json:
    if fix is None:
        return None
    edits: list[Json] = [{"content": edit.content, **_extent(edit.at)} for edit in fix.edits]
    return {"applicability": fix.applicability.value, "message": fix.message, "edits": edits}


def _refused(refused: FixRefused | None) -> Json:
    return None if refused is None else {"code": refused.code, "message": refused.message}
