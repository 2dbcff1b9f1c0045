"""thread-parameter: what functions fetch from Streamlit's `session_state` is handed to them as a parameter."""

from __future__ import annotations

from functools import cached_property

from sessionlint.check.finding import Finding
from sessionlint.rewrite.codemod import Codemod, Proposal, Refusal, Spot
from sessionlint.rewrite.codemods.thread_parameter.threading import Threading


class ThreadParameter(Codemod):
    """Give functions the session, and the user's identity, as parameters; delete the store that nobody reads any more.

    A function is threaded if every call of it is known and has what it needs: from the variable that was stored, from a parameter of its
    own, or, for an identity, from its own read. Functions that others call (callbacks, pages in a table, decorated ones, overridden
    methods) keep their read, and then the store stays, too.
    """

    name = "thread-parameter"
    fixes = ("SES201", "SES203", "SES204")
    is_local = False

    @cached_property
    def _threading(self) -> Threading:
        return Threading(self.program, self.context.lines, [f for f in self.context.findings if f.code in self.fixes])

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """What to do about a store, or a read."""
        assert isinstance(spot.about, Finding)
        return self._threading.answer(spot.about)
