"""Everything a run has found, with where it stands: reported, silenced by a comment, or known to the baseline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessionlint.check import Finding
from sessionlint.facts import Suppression

if TYPE_CHECKING:
    from sessionlint.report.view import View

_SEVERITIES = ("error", "warning", "info")
STALE = "SES004"
"""Is about an entry of the baseline: neither new nor known."""
_CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding; `suppression` is the comment that silences it; `baseline` is `new` or `unchanged`, None for a run without baseline."""

    finding: Finding
    suppression: Suppression | None = None
    baseline: str | None = None

    @property
    def is_reported(self) -> bool:
        """Whether it counts: neither silenced nor known."""
        return self.suppression is None and self.baseline != "unchanged"


def entries(view: View) -> list[Entry]:
    """All of them, sorted by place and code."""
    found = [Entry(finding, baseline="new" if view.has_baseline and finding.code != STALE else None) for finding in view.findings]
    found += [Entry(one.finding, suppression=one.by) for one in view.suppressed]
    found += [Entry(finding, baseline="unchanged") for finding in view.baselined]
    return sorted(found, key=lambda entry: _place(entry.finding))


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """By severity, then by confidence, then by place: for services that show only the first few."""
    return sorted(findings, key=weight)


def weight(finding: Finding) -> tuple[int, int, tuple[str, int, int, str]]:
    """The less, the worse."""
    return _rank(_SEVERITIES, finding.severity), _rank(_CONFIDENCES, finding.confidence), _place(finding)


def _rank(order: tuple[str, ...], value: str) -> int:
    return order.index(value) if value in order else len(order)


def _place(finding: Finding) -> tuple[str, int, int, str]:
    return finding.at.file, finding.at.range.row, finding.at.range.column, finding.code
