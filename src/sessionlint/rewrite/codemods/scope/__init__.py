"""scope: a session that is taken and closed by hand becomes a `with` block of a managed scope."""

from __future__ import annotations

from sessionlint.link import Acquisition, Program
from sessionlint.rewrite.codemod import Codemod, Decision, Target
from sessionlint.rewrite.codemods.scope.decide import Decider
from sessionlint.rewrite.codemods.scope.imports import add_imports


class ManagedScope(Codemod):
    """Replace `session = db_manager.get_session()` with its `try`/`finally` by `with unified_session_manager.get_db_session() as session:`.

    Handlers stay inside the block and see the original errors; ways out on which changes are pending get a `rollback()`. A site is refused
    where instances, or the session itself, outlive the block, and where no scope behaves as the code does.
    """

    name = "scope"
    fixes = ("SES101",)

    def __init__(self, program: Program, target: Target) -> None:
        super().__init__(program, target)
        self._decider = Decider(program, target)

    def decide(self, site: Acquisition) -> Decision:
        """What becomes of a site."""
        return self._decider.decide(site)


__all__ = ["ManagedScope", "add_imports"]
