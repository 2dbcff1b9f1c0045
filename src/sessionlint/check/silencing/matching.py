"""Which findings a comment silences. What comments there are, and the rows each speaks for, `capture` has found out."""

from __future__ import annotations

from collections.abc import Iterable

from sessionlint.check.catalogue import CATALOGUE
from sessionlint.check.finding import Finding
from sessionlint.facts import Suppression

_FAMILY = "SES"
_UNUSED = "SES002"
_OF_ROWS = frozenset({"noqa", "ignore", "file-ignore"})
_BLANKET = frozenset({"noqa", "file-ignore", "enable"})
"""Without codes these mean all codes: `# noqa`, `# flake8: noqa`, and the end of whatever was disabled."""


def suppression_of(finding: Finding, suppressions: Iterable[Suppression]) -> Suppression | None:
    """The comment that silences `finding`, if one of its file's does."""
    row = finding.at.range.row
    relevant = [suppression for suppression in suppressions if _names(suppression, finding)]
    for suppression in relevant:
        if suppression.kind in _OF_ROWS and _first_row(suppression) <= row <= suppression.last_row:
            return suppression
    disabled = [found for found in relevant if found.kind == "disable" and found.first_row <= row <= found.last_row]
    enabled = [found for found in relevant if found.kind == "enable" and found.at.row <= row]
    return next((found for found in disabled if not any(ends(other, found) for other in enabled)), None)


def ends(enable: Suppression, disable: Suppression) -> bool:
    """Whether an `enable` stands behind a `disable` in the same block; whether they have a code in common is another question."""
    return disable.at < enable.at and enable.at.row <= disable.last_row and enable.at.column == disable.at.column


def meant(code: str) -> frozenset[str]:
    """The codes of the catalogue that one in a comment means; none if it is unknown, or another tool's."""
    return frozenset(each for each, name in CATALOGUE.items() if _means(code, each, name))


def _first_row(suppression: Suppression) -> int:
    """A comment alone above a statement speaks for its own row as well: what is said of comments is silenced like anything else."""
    return min(suppression.first_row, suppression.at.row)


def _names(suppression: Suppression, finding: Finding) -> bool:
    """Whether the comment is about the finding's rule. A blanket one cannot hide that comments are of no use."""
    if not suppression.codes:
        return suppression.kind in _BLANKET and finding.code != _UNUSED
    return any(_means(code, finding.code, finding.name) for code in suppression.codes)


def _means(code: str, of: str, name: str) -> bool:
    """Whether a code in a comment means the rule `of`: by its code, a prefix of it as in flake8, or its name."""
    return name.upper() == code or (code.startswith(_FAMILY) and of.startswith(code))
