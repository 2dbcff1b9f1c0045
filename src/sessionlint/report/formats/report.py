"""`report`: the findings of `json` in an envelope that says which schema they follow and what they were made with."""

from __future__ import annotations

from collections import Counter
from typing import TextIO

from sessionlint import __version__
from sessionlint.report.findings.entries import Entry, entries
from sessionlint.report.findings.fields import Json, encoded, fields
from sessionlint.report.printable import representable
from sessionlint.report.view import View

SCHEMA_VERSION = 1


def render(view: View, out: TextIO) -> None:
    """All findings, with what there is to say of the run."""
    found = entries(view)
    out.write(
        encoded(
            {
                "schema_version": SCHEMA_VERSION,
                "tool": "sessionlint",
                "tool_version": __version__,
                "root": representable(str(view.root)),
                "settings_hash": view.settings_hash,
                "findings": [fields(view, entry) for entry in found],
                "summary": _summary(view, found),
                "baseline": _baseline(found) if view.has_baseline else None,
            }
        )
        + "\n"
    )


def _summary(view: View, found: list[Entry]) -> Json:
    reported = [entry.finding for entry in found if entry.is_reported]
    by_rule = Counter(finding.code for finding in reported)
    return {
        "files": len(view.files),
        "reported": len(reported),
        "suppressed": sum(entry.suppression is not None for entry in found),
        "fixable": sum(view.is_fixable(finding) for finding in reported),
        "by_rule": {code: by_rule[code] for code in sorted(by_rule)},
    }


def _baseline(found: list[Entry]) -> Json:
    states = Counter(entry.baseline for entry in found)
    return {"new": states["new"], "unchanged": states["unchanged"]}
