"""What a rule is. A rule reads the program and the events; it keeps no state, touches no disk and sees no tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from sessionlint.check.finding import Finding, RelatedLocation
from sessionlint.source import Location

if TYPE_CHECKING:
    from sessionlint.check.silencing import Verdicts
    from sessionlint.link import Program
    from sessionlint.link.symbols import FunctionId
    from sessionlint.solve import Events, History


class Rule:
    """Base of all rules. The docstring of a subclass is its documentation, with ruff's headings; its page in `docs/rules/` is made from it.

    `message_formats` are what its findings say, with names in braces for what differs from one to the next.
    `is_of_run` rules are about the run itself and need no selection; one that `is_permanent` cannot be ignored either. `yields_to` names
    the rules of which a finding at the same place says more than one of this rule.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    message_formats: ClassVar[tuple[str, ...]]
    since: ClassVar[str] = "0.1"
    default: ClassVar[bool] = True
    codemods: ClassVar[tuple[str, ...]] = ()
    severity: ClassVar[str] = "error"
    is_of_run: ClassVar[bool] = False
    is_permanent: ClassVar[bool] = False
    yields_to: ClassVar[tuple[str, ...]] = ()

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """Findings of this rule, in any order; suppressions, selection and sorting are done by the room."""
        raise NotImplementedError

    def finding(
        self,
        program: Program,
        at: Location,
        message: str,
        *,
        function: FunctionId | None = None,
        history: History | None = None,
        help: str = "",
        help_at: Location | None = None,
        evidence: str = "",
        confidence: str = "high",
    ) -> Finding:
        """A finding of this rule at `at`; the steps of `history` become its related locations."""
        related = tuple(RelatedLocation(step.role, step.text, step.at) for step in history.steps()) if history else ()
        qualname = program.function(function).qualname if function else ""
        return Finding(
            self.code,
            self.name,
            message,
            at,
            related,
            help,
            function,
            qualname,
            evidence or message,
            self.severity,
            confidence,
            help_at=help_at,
        )


class Review(Rule):
    """A rule about what the others have said: it is asked when all of them have spoken, and sees their findings unsilenced."""

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """Nothing: the events are the others' matter."""
        return iter(())

    def review(self, program: Program, verdicts: Verdicts) -> Iterator[Finding]:
        """Findings of this rule, in any order."""
        raise NotImplementedError
