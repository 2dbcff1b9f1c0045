"""A finding as JSON: ruff's field names, and ours beside them. What there is nothing to say about is null, so that the fields are always
the same; `schemas/` holds their JSON Schema."""

from __future__ import annotations

import json
import re
from typing import TypeAlias

from sessionlint.check import Fix, FixRefused, url_of
from sessionlint.facts import Suppression
from sessionlint.report.findings.entries import Entry
from sessionlint.report.printable import printable, representable
from sessionlint.report.view import View
from sessionlint.source import Location

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | bool | None

_COMMAND = re.compile(r"##(?=[A-Za-z]*\[)")


def encoded(value: Json, *, indent: int | None = 2) -> str:
    """JSON in ASCII, in which no text begins a command of a CI service that may read it (`##[…`)."""
    return _COMMAND.sub(r"#\\u0023", json.dumps(value, indent=indent))


def fields(view: View, entry: Entry) -> dict[str, Json]:
    """A finding, whether it counts (`suppressed` and `baseline`) or not. The story stands under `related_locations`, as in SARIF, and once
    more under `related`, the shorter name that the first users asked for."""
    finding = entry.finding
    related: list[Json] = [
        {"role": step.role, "message": printable(step.message), "filename": _filename(view, step.at), **extent(step.at)}
        for step in finding.related
    ]
    return {
        "cell": None,
        "code": finding.code,
        "name": finding.name,
        "message": printable(finding.message),
        "severity": finding.severity,
        "filename": _filename(view, finding.at),
        **extent(finding.at),
        "fix": _fix(view, finding.fix),
        "fix_refused": _refused(finding.fix_refused),
        "url": url_of(finding.code),
        "noqa_row": finding.at.range.row,
        "confidence": finding.confidence,
        "fingerprint": finding.fingerprint,
        "function": printable(finding.qualname) or None,
        "help": view.help(finding) or None,
        "related_locations": related,
        "related": related,
        "suppressed": _suppressed(entry.suppression),
        "baseline": entry.baseline,
    }


def extent(at: Location) -> dict[str, Json]:
    """From where to where, as ruff says it."""
    start: Json = {"row": at.range.row, "column": at.range.column}
    end: Json = {"row": at.range.end_row, "column": at.range.end_column}
    return {"location": start, "end_location": end}


def _filename(view: View, at: Location) -> str:
    return representable(view.filename(at.file))


def _fix(view: View, fix: Fix | None) -> Json:
    """With the file of each edit: a fix may lie in others than its finding."""
    if fix is None:
        return None
    edits: list[Json] = [{"content": edit.content, "filename": _filename(view, edit.at), **extent(edit.at)} for edit in fix.edits]
    return {"applicability": fix.applicability.value, "message": printable(fix.message), "edits": edits}


def _refused(refused: FixRefused | None) -> Json:
    return None if refused is None else {"code": refused.code, "message": printable(refused.message)}


def _suppressed(by: Suppression | None) -> Json:
    return None if by is None else {"kind": by.kind, "justification": printable(by.reason) or None}
