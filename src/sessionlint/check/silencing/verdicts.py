"""Which codes of which comments silence nothing, from what all rules of a run have found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from sessionlint.check.finding import Finding
from sessionlint.check.silencing.matching import meant, suppression_of
from sessionlint.facts import Suppression
from sessionlint.link import Program


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the rules of a run have found, before anything was silenced.

    `findings` are by file; `codes` are of the rules that had their whole say, so that where they found nothing there is nothing;
    `unseen` are files of which a part was too large to be seen; `is_spared` tells of a file and a code whether nobody wants to hear of it
    there.
    """

    findings: Mapping[str, Sequence[Finding]]
    codes: frozenset[str]
    unseen: frozenset[str]
    is_spared: Callable[[str, str], bool]

    def unused(self, file: str, suppression: Suppression, others: Sequence[Suppression]) -> tuple[str, ...]:
        """The codes of a comment that silence nothing, as they are written; `others` are all comments of the file."""
        ends = [other for other in others if other.kind == "enable"]
        return tuple(
            code
            for code in dict.fromkeys(suppression.codes)
            if self._can_judge(file, code) and not self._is_used(file, msgspec.structs.replace(suppression, codes=(code,)), ends)
        )

    def _can_judge(self, file: str, code: str) -> bool:
        """A prefix is judged only where every rule that it means has spoken."""
        rules = meant(code)
        has_all = file not in self.unseen and rules <= self.codes
        return bool(rules) and has_all and not any(self.is_spared(file, rule) for rule in rules)

    def _is_used(self, file: str, alone: Suppression, ends: Sequence[Suppression]) -> bool:
        """Whether a comment would silence a finding if there were no other that does."""
        return any(suppression_of(finding, (alone, *ends)) is alone for finding in self.findings.get(file, ()))


def suppressions_in(program: Program) -> Iterator[tuple[str, tuple[Suppression, ...]]]:
    """The comments of each file that has any, Python and templates."""
    for file, module in program.files.items():
        if module.facts.suppressions:
            yield file, module.facts.suppressions
    for file, facts in program.templates.facts.items():
        if facts.suppressions:
            yield file, facts.suppressions


def suppressions_of(program: Program, file: str) -> tuple[Suppression, ...]:
    """The comments of one of the program's files."""
    module = program.files.get(file)
    return (module.facts if module is not None else program.templates.facts[file]).suppressions
