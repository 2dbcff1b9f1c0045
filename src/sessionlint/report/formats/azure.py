"""`azure`: logging commands of Azure Pipelines."""

from __future__ import annotations

from typing import TextIO

from sessionlint.check import Finding
from sessionlint.report.printable import printable
from sessionlint.report.view import View, write

_ESCAPES = (("%", "%AZP25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY_ESCAPES = (*_ESCAPES, (";", "%3B"), ("]", "%5D"))


def render(view: View, out: TextIO) -> None:
    """All findings."""
    for finding in view.findings:
        given = "".join(f"{key}={_escaped(printable(value), _PROPERTY_ESCAPES)};" for key, value in _properties(view, finding).items())
        write(out, f"##vso[task.logissue {given}]{_escaped(printable(finding.message), _ESCAPES)}")


def _properties(view: View, finding: Finding) -> dict[str, str]:
    kind = "error" if finding.severity == "error" else "warning"
    if not view.is_file(finding.at.file):
        return {"type": kind, "code": finding.code}
    path, range = view.path_in_repository(finding.at.file), finding.at.range
    return {"type": kind, "sourcepath": path, "linenumber": str(range.row), "columnnumber": str(range.column), "code": finding.code}


def _escaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for character, escape in escapes:
        text = text.replace(character, escape)
    return text
