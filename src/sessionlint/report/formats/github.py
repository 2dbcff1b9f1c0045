"""`github`: workflow commands, which GitHub Actions turns into annotations of a pull request.

A step shows ten errors, ten warnings and ten notices, so the worst come first; where there are more, a last line says so.
"""

from __future__ import annotations

from collections import Counter
from typing import TextIO

from sessionlint.check import Finding
from sessionlint.report.findings.entries import worst_first
from sessionlint.report.findings.story import story
from sessionlint.report.printable import printable
from sessionlint.report.view import View, write

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_SHOWN = 10


def render(view: View, out: TextIO) -> None:
    """All findings."""
    for finding in worst_first(view.findings):
        write(out, _command(_COMMANDS.get(finding.severity, "error"), _properties(view, finding), _message(view, finding)))
    most = max(Counter(finding.severity for finding in view.findings).values(), default=0)
    if view.has_summary and most > _SHOWN:
        said = f"Found {len(view.findings)} errors. GitHub shows the {_SHOWN} worst of them as annotations; the others are in the log."
        write(out, _command("notice", {"title": "sessionlint"}, said))


def _properties(view: View, finding: Finding) -> dict[str, str]:
    found = {"title": f"sessionlint ({finding.code})"}
    range = finding.at.range
    if not view.is_file(finding.at.file):
        return found
    found |= {"file": view.path_in_repository(finding.at.file), "line": str(range.row)}
    if range.row == range.end_row:  # columns are refused where there are several lines
        return found | {"col": str(range.column), "endLine": str(range.end_row), "endColumn": str(range.end_column)}
    return found | {"endLine": str(range.end_row)}


def _message(view: View, finding: Finding) -> str:
    lines = [f"{view.place(finding.at)}: {finding.code} {printable(finding.message)}"]
    lines += [f"  {step.number}. {step.place}: {step.message}" for step in story(view, finding)]
    if finding.help:
        lines.append(f"  help: {view.help(finding)}")
    return "\n".join(lines)


def _command(name: str, properties: dict[str, str], message: str) -> str:
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
