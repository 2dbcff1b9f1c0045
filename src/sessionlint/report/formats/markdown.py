"""`markdown`: a table of the findings with their stories below it, for the summary of a job or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from sessionlint.check import Finding, url_of
from sessionlint.report.findings.statistics import Count
from sessionlint.report.findings.story import story
from sessionlint.report.markdown import code, inline
from sessionlint.report.view import View, write


def render(view: View, out: TextIO) -> None:
    """All findings."""
    if not view.findings:
        write(out, "All checks passed!")
        return
    count = len(view.findings)
    write(out, f"Found {count} error{'' if count == 1 else 's'}.\n\n| Where | Rule | What | Fix |\n|---|---|---|---|")
    for finding in view.findings:
        write(out, f"| {_place(view, finding)} | {_rule(finding.code)} | {inline(finding.message)} | {_fix(view, finding)} |")
    stories = [told for finding in view.findings if (told := _story(view, finding))]
    if stories:
        write(out, "\n<details><summary>How it comes about</summary>\n")
        write(out, "\n".join(stories))
        write(out, "</details>")
    _write_links(out, (finding.code for finding in view.findings))


def render_statistics(counts: Sequence[Count], out: TextIO) -> None:
    """A table of the rules."""
    write(out, "| Code | Rule | Count | Fixable |\n|---|---|---:|---:|")
    for count in counts:
        write(out, f"| {_rule(count.code)} | {inline(count.name)} | {count.count} | {count.fixable_count} |")
    _write_links(out, (count.code for count in counts))


def _place(view: View, finding: Finding) -> str:
    return code(f"{view.filename(finding.at.file)}:{finding.at.range.row}:{finding.at.range.column}")


def _rule(named: str) -> str:
    return f"[{named}]"


def _write_links(out: TextIO, codes: Iterable[str]) -> None:
    """Where the rules' codes lead, once each: comments on pull requests may not be long."""
    write(out, "\n" + "\n".join(f"[{named}]: {url_of(named)}" for named in sorted(set(codes))))


def _fix(view: View, finding: Finding) -> str:
    if finding.fix is not None:
        return f"{finding.fix.applicability.value}: {inline(finding.fix.message)}"
    why = view.refusal(finding)
    return f"{inline(view.help(finding))}{f' (no fix: {inline(why)})' if why else ''}".strip()


def _story(view: View, finding: Finding) -> str:
    steps = [f"   {step.number}. {code(step.place)}: {inline(step.message)}" for step in story(view, finding)]
    if not steps:
        return ""
    told = [f"- {_place(view, finding)}: {finding.code} {inline(finding.message)}\n", *steps]
    if finding.help:
        told.append(f"\n  Help: {inline(view.help(finding))}")
    return "\n".join(told) + "\n"
