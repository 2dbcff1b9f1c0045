"""A finding as a SARIF result: its place, its story as related locations and as a code flow, its fix, and why it does not count."""

from __future__ import annotations

from collections import defaultdict

from sessionlint.check import Edit, Finding, Fix, RelatedLocation
from sessionlint.check.comparing import CHANGE
from sessionlint.report.findings.entries import Entry
from sessionlint.report.findings.fields import Json
from sessionlint.report.findings.story import steps_of
from sessionlint.report.printable import printable
from sessionlint.report.sarif.messages import artifact, physical, plain, region
from sessionlint.report.sarif.rules import LEVELS
from sessionlint.report.view import View

MOST_LOCATIONS = 1000
"""A result of more is refused by GitHub; the place itself is one of them."""
_MOST_STEPS = 10_000
"""And of a code flow."""
_CALL, _RETURN = "call", "return"


def result(view: View, entry: Entry, rule_index: int) -> dict[str, Json]:
    """The result of a finding."""
    finding = entry.finding
    steps = steps_of(finding)[:_MOST_STEPS]
    related = steps[: MOST_LOCATIONS - 1]
    found: dict[str, Json] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": LEVELS.get(finding.severity, "error"),
        "message": {"text": _message(view, finding, related)},
        "locations": [{"physicalLocation": physical(view, finding.at), **_logical(finding)}],
        "partialFingerprints": {"sessionlint/v1": finding.fingerprint},
        "properties": _properties(view, finding),
    }
    if related:
        found["relatedLocations"] = [
            {"id": number, "physicalLocation": physical(view, step.at), "message": {"text": plain(step.message)}}
            for number, step in enumerate(related, 1)
        ]
    run = [step for step in steps if step.role != CHANGE]
    if run:
        found["codeFlows"] = [{"threadFlows": [{"locations": _flow(view, run)}]}]
    if finding.fix is not None:
        found["fixes"] = [_fix(view, finding.fix)]
    suppressions = _suppressions(entry)
    if suppressions or view.has_suppressions:
        found["suppressions"] = suppressions
    if entry.baseline is not None:
        found["baselineState"] = entry.baseline
    elif view.has_baseline:
        found["baselineState"] = "new"
    return found


def _message(view: View, finding: Finding, related: list[RelatedLocation]) -> str:
    """The first sentence stands alone; the second leads through the story, each role a link to its place."""
    links = ", ".join(f"[{number}. {printable(step.role)}]({number})" for number, step in enumerate(related, 1))
    help = f" Help: {plain(view.help(finding))}." if finding.help else ""
    return f"{plain(finding.message)}." + (f" Story: {links}." if links else "") + help


def _logical(finding: Finding) -> dict[str, Json]:
    if not finding.qualname:
        return {}
    return {"logicalLocations": [{"fullyQualifiedName": printable(finding.qualname), "kind": "function"}]}


def _flow(view: View, steps: list[RelatedLocation]) -> list[Json]:
    """The steps in order; what a call leads into is nested."""
    level = 0
    found: list[Json] = []
    for number, step in enumerate(steps, 1):
        if step.role == _RETURN:
            level = max(0, level - 1)
        place: Json = {"physicalLocation": physical(view, step.at), "message": {"text": plain(step.message)}}
        found.append({"location": place, "kinds": [printable(step.role)], "executionOrder": number, "nestingLevel": level})
        if step.role == _CALL:
            level += 1
    return found


def _fix(view: View, fix: Fix) -> Json:
    by_file: dict[str, list[Edit]] = defaultdict(list)
    for edit in fix.edits:
        by_file[edit.at.file].append(edit)
    changes: list[Json] = [
        {
            "artifactLocation": artifact(view, file),
            "replacements": [{"deletedRegion": region(edit.at.range), "insertedContent": {"text": edit.content}} for edit in edits],
        }
        for file, edits in by_file.items()
    ]
    return {"description": {"text": plain(fix.message)}, "artifactChanges": changes}


def _properties(view: View, finding: Finding) -> dict[str, Json]:
    fix, refused = finding.fix, finding.fix_refused
    return {
        "confidence": finding.confidence,
        "help": view.help(finding) or None,
        "fixApplicability": fix.applicability.value if fix is not None else None,
        "fixRefused": {"code": refused.code, "message": printable(refused.message)} if refused is not None else None,
    }


def _suppressions(entry: Entry) -> list[Json]:
    if entry.suppression is not None:
        reason = printable(entry.suppression.reason)
        return [{"kind": "inSource", **({"justification": reason} if reason else {})}]
    if entry.baseline == "unchanged":
        return [{"kind": "external", "justification": "known to the baseline"}]
    return []
