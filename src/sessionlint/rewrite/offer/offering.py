"""What `check --fix` would try about each finding, and why nothing where it would not. Entry point: `offered`.

What is offered is put together as it would be written, and not verified: that takes another analysis of the whole program. Nor are the
codemods asked that `migrate` alone runs: they look at all of the program, which takes longer than to look for findings in small ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from sessionlint.check import NO_CODEMOD, Edit, Finding, Fix, Fixability, FixRefused
from sessionlint.config import Settings
from sessionlint.link import Program
from sessionlint.rewrite.codemod import Codemod, Context, Proposal, Refusal, Spot
from sessionlint.rewrite.compose import Draft
from sessionlint.rewrite.offer.ranges import replaced_ranges
from sessionlint.rewrite.registry import codemods_for
from sessionlint.source import Location


def offered(
    program: Program, settings: Settings, sources: Mapping[str, bytes], findings: Sequence[Finding], others: Iterable[Finding] = ()
) -> tuple[Finding, ...]:
    """`findings` with `fix` or `fix_refused` set, whichever has been set before excepted.

    `others` are what else was found and is not reported: one edit may be about several findings. Raises `SessionlintError` for an unknown
    code in `fixable` and its like.
    """
    fixability = Fixability(settings)
    open_ = [finding for finding in findings if finding.fix is None and finding.fix_refused is None]
    wanted = {finding.code for finding in open_ if fixability.covers(finding.code)}
    context = Context(program, settings, sources, (*findings, *others))
    offer = _Offer(sources, fixability)
    for kind in codemods_for(wanted):
        if kind.is_local:
            offer.ask(kind(context), open_)
    return tuple(offer.told(finding) for finding in findings)


class _Offer:
    """The answers so far, by place and code."""

    def __init__(self, sources: Mapping[str, bytes], fixability: Fixability) -> None:
        self._draft, self._fixability = Draft(sources), fixability
        self._answers: dict[tuple[Location, str], Fix | FixRefused] = {}
        self._edits: dict[tuple[str, str], tuple[Edit, ...] | None] = {}

    def ask(self, codemod: Codemod, findings: Sequence[Finding]) -> None:
        """Ask a codemod about those of the findings that it mends."""
        open_ = {(finding.at, finding.code) for finding in findings}
        for spot in codemod.spots():
            place = (spot.about.at, spot.code)
            if place in open_ and self._fixability.covers(spot.code) and not isinstance(self._answers.get(place), Fix):
                self._answers[place] = self._answer_of(codemod, spot)

    def _answer_of(self, codemod: Codemod, spot: Spot) -> Fix | FixRefused:
        """The answer, or that there is none: a codemod that fails shall not keep anyone from the findings."""
        try:
            return self._answer(codemod, spot)
        except Exception as error:
            return FixRefused("failed", f"the codemod {codemod.name} failed: {type(error).__name__}: {error}")

    def told(self, finding: Finding) -> Finding:
        """The finding with what has been answered."""
        if finding.fix is not None or finding.fix_refused is not None:
            return finding
        answer = self._answers.get((finding.at, finding.code)) or self._silence(finding.code)
        return replace(finding, fix=answer) if isinstance(answer, Fix) else replace(finding, fix_refused=answer)

    def _silence(self, code: str) -> FixRefused:
        """Why nobody was asked."""
        codemods = codemods_for({code})
        if not codemods:
            return FixRefused(NO_CODEMOD, f"no codemod mends {code}, it takes a person")
        if not self._fixability.covers(code):
            return FixRefused("unfixable", f"fixes of {code} are turned off by `fixable` or `unfixable`")
        if not any(codemod.is_local for codemod in codemods):
            return FixRefused("migrate-only", f"`--fix` leaves {code} alone; `sessionlint migrate` mends it or says why it cannot")
        return FixRefused("no-spot", "it does not stand where a codemod looks")

    def _answer(self, codemod: Codemod, spot: Spot) -> Fix | FixRefused:
        answer = codemod.answer(spot)
        if isinstance(answer, Refusal):
            return FixRefused(answer.code, answer.reason)
        edits = self._edits_of(codemod, spot, answer)
        if edits is None:
            return FixRefused("no-room", "the imports or the encoding of a file that it would change do not allow it")
        return Fix(self._fixability.applicability(spot.code, answer.applicability), answer.message, edits)

    def _edits_of(self, codemod: Codemod, spot: Spot, proposal: Proposal) -> tuple[Edit, ...] | None:
        """The proposal as ranges of text; None where it cannot be carried out. Proposals with one key are one."""
        key = (codemod.name, proposal.key)
        if not (proposal.key and key in self._edits):
            draft, waiting = self._draft.with_all([proposal])
            self._edits[key] = (
                None
                if waiting
                else tuple(
                    Edit(Location(file, at), text)
                    for file, lines, composed in draft.composed()
                    for at, text in replaced_ranges(lines, composed)
                )
            )
        return self._edits[key]
