"""scope: a session that is taken and closed by hand becomes a `with` block of a managed scope."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Applicability, Finding
from sessionlint.rewrite.codemod import Codemod, Context, Proposal, Refusal, Spot
from sessionlint.rewrite.codemods.scope.decide import Decider
from sessionlint.rewrite.codemods.scope.decision import Decision, Managed, Target


class ManagedScope(Codemod):
    """Replace `session = db_manager.get_session()` with its `try`/`finally` by `with unified_session_manager.get_db_session() as session:`.

    Handlers see the original errors; ways out on which changes are pending get a `rollback()`, those on which instances leave an
    `expunge_all()`. A site is refused where the session itself outlives the block, and where no scope behaves as the code does.
    """

    name = "scope"
    fixes = ("SES101",)
    is_local = False

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        migrate, closers = context.settings.migrate, context.settings.sessions.closers
        self._decider = Decider(context.program, Target(migrate.routes, migrate.default, closers, context.lines))

    def spots(self) -> Iterator[Spot]:
        """Every direct acquisition, whether or not it is reported."""
        for site in self.program.acquisitions:
            function = self.program.function(site.function).qualname
            yield Spot("SES101", site.at.file, site.at.range.row, function, "", site)

    def decisions(self) -> list[Decision]:
        """What becomes of every direct acquisition of the program."""
        return [self._decider.decide(site) for site in self.program.acquisitions if site.at.file in self.context.lines]

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """What becomes of an acquisition."""
        assert not isinstance(spot.about, Finding)
        outcome = self._decider.decide(spot.about).outcome
        if isinstance(outcome, Refusal):
            return outcome
        return Proposal({spot.file: outcome.edit}, f"Enter `{outcome.scope}`", Applicability.UNSAFE)


__all__ = ["Decision", "Managed", "ManagedScope"]
