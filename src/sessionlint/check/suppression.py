"""Which findings a comment silences. What comments there are, and the rows each speaks for, `capture` has found out."""

from __future__ import annotations

from collections.abc import Iterable

from sessionlint.check.finding import Finding
from sessionlint.facts import Suppression

_FAMILY = "SES"
_OF_ROWS = frozenset({"noqa", "ignore", "file-ignore"})
_BLANKET = frozenset({"noqa", "file-ignore", "enable"})
"""Without codes these mean all codes: `# noqa`, `# flake8: noqa`, and the end of whatever was disabled."""


def suppression_of(finding: Finding, suppressions: Iterable[Suppression]) -> Suppression | None:
    """The comment that silences `finding`, if one of its file's does."""
    row = finding.at.range.row
    relevant = [suppression for suppression in suppressions if _names(suppression, finding)]
    for suppression in relevant:
        if suppression.kind in _OF_ROWS and suppression.first_row <= row <= suppression.last_row:
            return suppression
    switches = [found for found in relevant if found.kind in {"disable", "enable"} and found.at.row <= row]
    last = max(switches, key=lambda found: found.at, default=None)
    return last if last is not None and last.kind == "disable" else None


def _names(suppression: Suppression, finding: Finding) -> bool:
    """Whether the comment is about the finding's rule: by its code, a prefix of it as in flake8, or its name."""
    if not suppression.codes:
        return suppression.kind in _BLANKET
    name = finding.name.upper()
    return any(name == code or (code.startswith(_FAMILY) and finding.code.startswith(code)) for code in suppression.codes)
