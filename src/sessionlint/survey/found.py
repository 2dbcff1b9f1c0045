"""What a survey of a program finds, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.source import Location


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for a setting: `key` as users write it (`sessions.acquirers`), one item of a list; `evidence` says what was found, `at`
    where.

    `times` is how often it would be met. Not `is_sure` is what only people can decide: it is shown to them, and not set.
    """

    key: str
    value: str
    at: Location
    evidence: str
    is_sure: bool = True
    times: int = 0


@dataclass(frozen=True, slots=True)
class Survey:
    """`described` are sentences on the program as a whole; `proposals` are in the order in which they are written, sure ones
    first."""

    described: tuple[str, ...]
    proposals: tuple[Proposal, ...]

    def of(self, key: str, *, is_sure: bool) -> list[Proposal]:
        """The proposals for one key."""
        return [proposal for proposal in self.proposals if proposal.key == key and proposal.is_sure is is_sure]
