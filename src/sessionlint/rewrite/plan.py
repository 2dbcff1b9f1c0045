"""The migration's current state: every direct acquisition with its strategy, in phases. Entry point: `plan`."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pathspec

from sessionlint.check import check
from sessionlint.config import Settings
from sessionlint.link import Program
from sessionlint.rewrite.codemod import Context, Refusal
from sessionlint.solve import Events
from sessionlint.source import Location, is_test

if TYPE_CHECKING:
    from sessionlint.rewrite.codemods.scope import Decision

DEFAULT_PHASES = ("Routes", "Request code", "Services", "Background code and scripts", "Tests")


@dataclass(frozen=True, slots=True)
class PlannedSite:
    """A direct acquisition. `strategy` is `route`, `request-scoped`, `anywhere`, `service`, `test` or `scope`; `scope` what it gets,
    empty where it `cannot`; `code` and `reason` say why.

    `is_accepted` says that SES101 is not reported there: it is what a scope is made of, or a comment, the configuration or a baseline
    accepts it.
    """

    file: str
    row: int
    function: str
    strategy: str
    scope: str
    code: str
    reason: str
    phase: int
    is_accepted: bool = False

    @property
    def can(self) -> bool:
        """Whether `migrate` rewrites it."""
        return bool(self.scope)


@dataclass(frozen=True, slots=True)
class Plan:
    """`phases` are the names of the phases, numbered from 1; `sites` are sorted by phase, file and row."""

    phases: tuple[str, ...]
    sites: tuple[PlannedSite, ...]

    def counts(self) -> dict[str, int]:
        """The number of direct acquisitions of each file."""
        found: dict[str, int] = {}
        for site in self.sites:
            found[site.file] = found.get(site.file, 0) + 1
        return dict(sorted(found.items()))

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be migrated."""
        return all(site.is_accepted for site in self.sites)


def plan(
    program: Program,
    settings: Settings,
    sources: Mapping[str, bytes],
    is_wanted: Callable[[str], bool],
    known: Container[Location] = frozenset(),
) -> Plan:
    """The plan for the files for which `is_wanted` holds. `sources` are the files' contents by name; acquisitions that are `known` to a
    baseline are left alone. Raises nothing of its own."""
    from sessionlint.rewrite.codemods.scope import ManagedScope  # slow to import, and `check` never needs it

    phases = tuple(phase.name for phase in settings.migrate.phases) or DEFAULT_PHASES
    phase_of = _configured(settings) if settings.migrate.phases else _default_phase
    if settings.migrate.phases:
        phases = (*phases, "Everything else")
    decisions = ManagedScope(Context(program, settings, sources)).decisions()
    reported = _reported(program, settings)
    planned = [_planned(decision, program, phase_of(decision), reported) for decision in decisions if is_wanted(decision.site.at.file)]
    at = {(decision.site.at.file, decision.site.at.range.row) for decision in decisions if decision.site.at in known}
    sites = [_left_alone(site) if (site.file, site.row) in at else site for site in planned]
    return Plan(phases, tuple(sorted(sites, key=lambda site: (site.phase, site.file, site.row))))


def _left_alone(site: PlannedSite) -> PlannedSite:
    return replace(site, scope="", code="baselined", reason="it is in the baseline", is_accepted=True)


def _reported(program: Program, settings: Settings) -> set[Location]:
    """Where SES101 is reported, whether or not it is selected."""
    alone = replace(settings, lint=replace(settings.lint, select=("SES101",), extend_select=(), ignore=()))
    return {finding.at for finding in check(program, Events(()), alone) if finding.code == "SES101"}


def _planned(decision: Decision, program: Program, phase: int, reported: set[Location]) -> PlannedSite:
    site, outcome = decision.site, decision.outcome
    function = program.function(site.function).qualname
    is_accepted = site.at not in reported
    if isinstance(outcome, Refusal):
        scope, code, reason = "", outcome.code, outcome.reason
    else:
        scope, code, reason = outcome.scope, "", ""
    return PlannedSite(site.at.file, site.at.range.row, function, decision.strategy, scope, code, reason, phase, is_accepted)


def _default_phase(decision: Decision) -> int:
    if is_test(decision.site.at.file):
        return 5
    return {"route": 1, "request-scoped": 2, "service": 3}.get(decision.strategy, 4)


def _configured(settings: Settings) -> Callable[[Decision], int]:
    specs = [pathspec.GitIgnoreSpec.from_lines(phase.paths) for phase in settings.migrate.phases]

    def phase_of(decision: Decision) -> int:
        for number, spec in enumerate(specs, 1):
            if spec.match_file(decision.site.at.file):
                return number
        return len(specs) + 1

    return phase_of
