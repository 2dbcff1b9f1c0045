"""`sarif`: SARIF 2.1.0 as GitHub's code scanning reads it. Silenced and known findings are in it, as suppressed results."""

from __future__ import annotations

from functools import partial
from typing import TextIO

from sessionlint import __version__
from sessionlint.check import HOMEPAGE, Finding
from sessionlint.report.findings.entries import Entry, entries
from sessionlint.report.findings.fields import Json, encoded
from sessionlint.report.sarif.limits import fitted
from sessionlint.report.sarif.messages import physical, plain
from sessionlint.report.sarif.results import result
from sessionlint.report.sarif.rules import described
from sessionlint.report.view import View

_OF_RUN = {"SES001": "warning", "SES005": "warning", "SES009": "error"}
"""Findings about the run itself: they are notifications as well."""


def render(view: View, out: TextIO) -> None:
    """All findings, or as many as GitHub takes."""
    found = entries(view)
    out.write(fitted(found, partial(_log, view, found)) + "\n")


def _log(view: View, found: list[Entry], chosen: list[Entry]) -> str:
    rules = described(entry.finding for entry in found)
    placed = [entry for entry in chosen if view.is_file(entry.finding.at.file)]  # what is about no file is a notification alone
    codes = sorted({entry.finding.code for entry in found})
    run: Json = {
        "tool": {
            "driver": {
                "name": "sessionlint",
                "semanticVersion": __version__,
                "informationUri": HOMEPAGE,
                "rules": rules,
            }
        },
        "automationDetails": {"id": "sessionlint/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(view, len(found), len(chosen))],
        "results": [result(view, entry, codes.index(entry.finding.code)) for entry in placed],
    }
    return encoded({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]})


def _invocation(view: View, found: int, kept: int) -> Json:
    notes: list[Json] = [_notification(view, finding) for finding in view.findings if finding.code in _OF_RUN]
    if kept < found:
        said = f"{found - kept} of {found} findings left out: GitHub takes no more. Those that are here are the worst."
        notes.append({"level": "warning", "message": {"text": said}})
    is_successful = all(finding.code != "SES009" for finding in view.findings)
    return {"executionSuccessful": is_successful, "toolExecutionNotifications": notes}


def _notification(view: View, finding: Finding) -> Json:
    found: dict[str, Json] = {"level": _OF_RUN[finding.code], "message": {"text": f"{plain(finding.message)}."}}
    found["descriptor"] = {"id": finding.code}
    if view.is_file(finding.at.file):
        found["locations"] = [{"physicalLocation": physical(view, finding.at)}]
    return found
