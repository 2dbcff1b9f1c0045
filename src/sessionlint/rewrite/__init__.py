"""Codemods: `plan` says what can be migrated, `migrate` what the files become, `write` and `rollback` put it on disk and take it back."""

from sessionlint.rewrite.apply import Migration, migrate
from sessionlint.rewrite.journal import Change, rollback, write
from sessionlint.rewrite.plan import Plan, PlannedSite, plan

__all__ = ["Change", "Migration", "Plan", "PlannedSite", "migrate", "plan", "rollback", "write"]
