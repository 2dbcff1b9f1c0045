"""key-not-instance: primary keys are stored and handed over, and whoever gets one loads the instance with a session of its own."""

from __future__ import annotations

from functools import cached_property

from sessionlint.check.finding import Finding
from sessionlint.rewrite.codemod import Codemod, Proposal, Refusal, Spot
from sessionlint.rewrite.codemods.key_not_instance.handing import Handing
from sessionlint.rewrite.codemods.key_not_instance.storing import Storing


class KeyNotInstance(Codemod):
    """Hand the primary key to a thread, task or `session_state`, and get the instance again by it where it is used.

    The receivers have to be in the program, and have to have a session at hand (or need the key alone); what is handed over must be in the
    database as it is.
    """

    name = "key-not-instance"
    fixes = ("SES202", "SES206")

    @cached_property
    def _handing(self) -> Handing:
        return Handing(self.program, self.context.lines, [f for f in self.context.findings if f.code == "SES206"])

    @cached_property
    def _storing(self) -> Storing:
        return Storing(self.program, self.context.lines, [f for f in self.context.findings if f.code == "SES202"])

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """What to do about a store, or about something that is handed over."""
        assert isinstance(spot.about, Finding)
        return self._storing.answer(spot.about) if spot.code == "SES202" else self._handing.answer(spot.about)
