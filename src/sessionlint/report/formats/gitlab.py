"""`gitlab`: a Code Quality report for the widget of merge requests."""

from __future__ import annotations

from typing import TextIO

from sessionlint.check import Finding
from sessionlint.report.findings.fields import Json, encoded
from sessionlint.report.printable import printable, representable
from sessionlint.report.view import View

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(view: View, out: TextIO) -> None:
    """All findings. Their fingerprints differ: of equal ones GitLab would keep the first."""
    out.write(encoded([_issue(view, finding) for finding in view.findings]) + "\n")


def _issue(view: View, finding: Finding) -> Json:
    range = finding.at.range
    return {
        "check_name": finding.code,
        "description": f"{finding.code}: {printable(finding.message)}",
        "severity": _SEVERITIES.get(finding.severity, "major"),
        "fingerprint": finding.fingerprint,
        "location": {
            "path": representable(view.path_in_repository(finding.at.file)),
            "positions": {
                "begin": {"line": range.row, "column": range.column},
                "end": {"line": range.end_row, "column": range.end_column},
            },
        },
    }
