"""What the rules of a run found: plain data that can be kept for the next run."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from sessionlint.check.finding import Finding
from sessionlint.facts.suppression import Suppression


class Suppressed(msgspec.Struct, frozen=True, array_like=True):
    """A finding that is not reported, and the comment that silences it."""

    finding: Finding
    by: Suppression


class Checked(msgspec.Struct, frozen=True):
    """What the selected rules found, sorted by file, row, column and code: what is to be reported, and what comments silence.

    `judged` are the codes of the rules that had their whole say, so that what they did not find is not there; none after a failure of the
    analysis. `unseen` are files of which a part was too large to be seen.
    """

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    judged: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()

    def within(self, is_reported: Callable[[str], bool]) -> Checked:
        """The same of the files that somebody wants to hear of."""
        return msgspec.structs.replace(
            self,
            findings=tuple(finding for finding in self.findings if is_reported(finding.at.file)),
            suppressed=tuple(one for one in self.suppressed if is_reported(one.finding.at.file)),
        )


INTERNAL_ERROR = ("SES009", "internal-error")
