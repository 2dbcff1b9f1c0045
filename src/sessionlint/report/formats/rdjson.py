"""`rdjson`: the Reviewdog Diagnostic Format."""

from __future__ import annotations

from typing import TextIO

from sessionlint.check import HOMEPAGE, Finding, Fix, url_of
from sessionlint.report.findings.fields import Json, encoded
from sessionlint.report.printable import printable, representable
from sessionlint.report.view import View
from sessionlint.source import Location

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def render(view: View, out: TextIO) -> None:
    """All findings."""
    diagnostics: list[Json] = [_diagnostic(view, finding) for finding in view.findings]
    out.write(encoded({"source": {"name": "sessionlint", "url": HOMEPAGE}, "diagnostics": diagnostics}) + "\n")


def _diagnostic(view: View, finding: Finding) -> dict[str, Json]:
    found: dict[str, Json] = {
        "message": printable(finding.message),
        "location": {"path": representable(view.filename(finding.at.file)), "range": _range(view, finding.at)},
        "severity": _SEVERITIES.get(finding.severity, "ERROR"),
        "code": {"value": finding.code, "url": url_of(finding.code)},
    }
    suggestions = _suggestions(view, finding)
    return {**found, "suggestions": suggestions} if suggestions else found


def _suggestions(view: View, finding: Finding) -> list[Json]:
    """The edits of a fix that lies in the finding's own file: a suggestion cannot name another."""
    fix: Fix | None = finding.fix
    if fix is None or any(edit.at.file != finding.at.file for edit in fix.edits):
        return []
    return [{"range": _range(view, edit.at), "text": edit.content} for edit in fix.edits]


def _range(view: View, at: Location) -> Json:
    """Columns count bytes of UTF-8 here."""
    range = at.range
    return {
        "start": {"line": range.row, "column": _bytes(view, at.file, range.row, range.column)},
        "end": {"line": range.end_row, "column": _bytes(view, at.file, range.end_row, range.end_column)},
    }


def _bytes(view: View, file: str, row: int, column: int) -> int:
    before = view.line(file, row)[: column - 1]
    return column + len(before.encode("utf-8", "surrogatepass")) - len(before)
