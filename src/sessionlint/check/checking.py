"""Rules over a program: run them, merge what they say twice, leave out what nobody wants to see. Entry point: `check`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.registry import all_rules
from sessionlint.check.rule import Rule
from sessionlint.check.selection import PerFileIgnores, selected
from sessionlint.check.suppression import suppression_of
from sessionlint.config import Settings
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.source import Location, Range, SessionlintError

NOWHERE = "<sessionlint>"
"""The file of a finding that is about no file."""

INTERNAL_ERROR = ("SES009", "internal-error")


def check(program: Program, events: Events, settings: Settings) -> tuple[Finding, ...]:
    """The findings of the selected rules in the files that are reported, sorted by file, row, column and code.

    Suppressed ones are left out, and of several with one code at one place the one with the shortest story stays. A rule that fails becomes
    a finding SES009, the others go on. Raises `SessionlintError` for an unknown rule code in the settings.
    """
    chosen = selected(settings)
    ignores = PerFileIgnores(settings)
    found = _without_repeats(finding for rule in chosen for finding in _findings(rule, program, events))
    wanted = (finding for finding in found if _is_wanted(finding, program, ignores))
    return tuple(sorted(wanted, key=_place))


def _place(finding: Finding) -> tuple[str, int, int, str]:
    return finding.at.file, finding.at.range.row, finding.at.range.column, finding.code


def _findings(rule: Rule, program: Program, events: Events) -> Iterator[Finding]:
    try:
        yield from rule.check(program, events)
    except Exception as error:
        file, row = NOWHERE, 1
        if isinstance(error, SessionlintError) and error.file:
            file, row = error.file, max(error.row, 1)
        said = str(error).splitlines()
        message = f"rule {rule.code} failed: {type(error).__name__}" + (f": {said[0]}" if said else "")
        yield Finding(*INTERNAL_ERROR, message, Location(file, Range(row, 1, row, 1)), evidence=rule.code)


def _without_repeats(findings: Iterable[Finding]) -> list[Finding]:
    """One finding a place and code, the one that is told in the fewest steps; none where a rule that says more has one."""
    best: dict[tuple[str, int, int, str, str], Finding] = {}
    for finding in findings:
        key = (*_place(finding), finding.message if finding.at.file == NOWHERE else "")
        known = best.get(key)
        if known is None or _length(finding) < _length(known):
            best[key] = finding
    stronger = {rule.code: rule.yields_to for rule in all_rules() if rule.yields_to}
    taken = {_place(finding) for finding in best.values()}
    return [found for found in best.values() if not any((*_place(found)[:3], code) in taken for code in stronger.get(found.code, ()))]


def _length(finding: Finding) -> tuple[int, str, tuple[Location, ...]]:
    """A measure that does not depend on the order in which the rules or the analysis went."""
    return len(finding.related), finding.message, tuple(related.at for related in finding.related)


def _is_wanted(finding: Finding, program: Program, ignores: PerFileIgnores) -> bool:
    file = finding.at.file
    module = program.files.get(file)
    source = module.source if module is not None else program.templates.sources.get(file)
    if source is None:
        return True
    if not source.reported or ignores.cover(file, finding.code):
        return False
    facts = module.facts if module is not None else program.templates.facts[file]
    return suppression_of(finding, facts.suppressions) is None
