"""Text and places as SARIF has them."""

from __future__ import annotations

import re

from sessionlint.report.findings.fields import Json
from sessionlint.report.printable import printable
from sessionlint.report.repository import uri_of
from sessionlint.report.view import View
from sessionlint.source import Location, Range

_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def plain(text: str) -> str:
    """Other people's text within a message: no link, no placeholder."""
    return _PLACEHOLDER.sub(r"{{\1}}", printable(text).replace("](", "] ("))


def physical(view: View, at: Location) -> dict[str, Json]:
    """A place in a file of the repository."""
    return {"artifactLocation": artifact(view, at.file), "region": region(at.range)}


def artifact(view: View, file: str) -> dict[str, Json]:
    """A file, relative to the repository's root wherever that is."""
    uri = uri_of(view.path_in_repository(file))
    return {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": "%SRCROOT%"}


def region(range: Range) -> dict[str, Json]:
    """Columns count characters, as the run's `columnKind` says; the end column is exclusive."""
    return {"startLine": range.row, "startColumn": range.column, "endLine": range.end_row, "endColumn": range.end_column}
