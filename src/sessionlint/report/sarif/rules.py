"""Rules as SARIF describes them."""

from __future__ import annotations

from collections.abc import Iterable

from sessionlint.check import Finding, all_rules, documentation, url_of
from sessionlint.report.findings.fields import Json

LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}
_LONGEST = 1024
_TAGS = {"1": "lifecycle", "2": "state", "3": "loading", "4": "models", "5": "frameworks"}


def described(findings: Iterable[Finding]) -> list[Json]:
    """The rules of `findings`, sorted by code; their order is what `ruleIndex` counts."""
    names = {finding.code: finding for finding in findings}
    return [_rule(names[code]) for code in sorted(names)]


def _rule(finding: Finding) -> Json:
    code = finding.code
    rule = next((rule for rule in all_rules() if rule.code == code), None)
    found: dict[str, Json] = {"id": code, "name": finding.name, "helpUri": url_of(code)}
    severity, text = finding.severity, finding.name
    if rule is not None:
        page = documentation(rule)
        severity, text = rule.severity, page.summary
        found["help"] = {"text": page.summary, "markdown": f"{page.summary}\n\n{page.markdown()}"}
    else:
        found["help"] = {"text": text}
    return {
        **found,
        "shortDescription": {"text": text.split("\n")[0][:_LONGEST]},
        "fullDescription": {"text": text[:_LONGEST]},
        "defaultConfiguration": {"level": LEVELS.get(severity, "error")},
        "properties": {
            "tags": ["sqlalchemy", "session", _TAGS.get(code[3:4], "run")],
            "precision": "high",
            "problem.severity": _PROBLEMS.get(severity, "error"),
        },
    }
