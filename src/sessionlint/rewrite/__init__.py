"""Codemods: `plan` says what can be migrated, `migrate` what the files become, `write` and `rollback` put it on disk and take it back."""

from sessionlint.rewrite.apply import NOT_TRUSTED, Migration, Outcome, migrate
from sessionlint.rewrite.codemod import Codemod, Spot
from sessionlint.rewrite.journal import Change, refuse_after_interruption, rollback, write
from sessionlint.rewrite.offer import offered
from sessionlint.rewrite.plan import Plan, PlannedSite, plan
from sessionlint.rewrite.registry import all_codemods
from sessionlint.rewrite.suppressing import Added, suppress
from sessionlint.rewrite.version_control import refuse_uncommitted

__all__ = [
    "NOT_TRUSTED",
    "Added",
    "Change",
    "Codemod",
    "Migration",
    "Outcome",
    "Plan",
    "PlannedSite",
    "Spot",
    "all_codemods",
    "migrate",
    "offered",
    "plan",
    "refuse_after_interruption",
    "refuse_uncommitted",
    "rollback",
    "suppress",
    "write",
]
