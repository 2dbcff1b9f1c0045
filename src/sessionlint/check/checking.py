"""Rules over a program: run them, merge what they say twice, leave out what nobody wants to see. Entry points:
`check`, `checked`, `checked_everywhere`, `assess`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from msgspec.structs import replace

from sessionlint.check.finding import Finding, MissingLoad
from sessionlint.check.found import INTERNAL_ERROR, Checked, Suppressed
from sessionlint.check.registry import all_rules
from sessionlint.check.rule import Review, Rule
from sessionlint.check.selection import PerFileIgnores, selected
from sessionlint.check.silencing import Verdicts, suppression_of
from sessionlint.config import Settings
from sessionlint.facts import Suppression
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.source import Location, Range, SessionlintError


@dataclass(frozen=True, slots=True)
class Assessed:
    """A finding with why it is not reported, if it is not: its rule does not run, its file is spared, a comment silences it, a finding
    at the same place says more, or a baseline knows it."""

    finding: Finding
    is_selected: bool
    is_ignored: bool
    suppression: Suppression | None
    is_outdone: bool
    is_known: bool = False

    @property
    def is_reported(self) -> bool:
        """Whether `check` prints it."""
        return self.is_selected and not (self.is_ignored or self.suppression is not None or self.is_outdone or self.is_known)


NOWHERE = "<sessionlint>"
"""The file of a finding that is about no file."""


def check(program: Program, events: Events, settings: Settings) -> tuple[Finding, ...]:
    """The findings of the selected rules in the files that are reported, without suppressed ones; otherwise as `checked`."""
    return checked(program, events, settings).findings


def checked(program: Program, events: Events, settings: Settings) -> Checked:
    """What the selected rules have to say of the files that are reported; otherwise as `checked_everywhere`."""

    def is_reported(file: str) -> bool:
        module = program.files.get(file)
        source = module.source if module is not None else program.templates.sources.get(file)
        return source is None or source.reported

    return checked_everywhere(program, events, settings).within(is_reported)


def checked_everywhere(program: Program, events: Events, settings: Settings) -> Checked:
    """What the selected rules have to say of all files.

    Of several findings with one code at one place the one with the shortest story stays. A rule that fails becomes a finding SES009, the
    others go on. Raises `SessionlintError` for an unknown rule code in the settings.
    """
    chosen = selected(settings)
    ignores = PerFileIgnores(settings)
    findings, suppressed = [], []
    said, verdicts, spoken = _said(chosen, chosen, program, events, ignores)
    for finding in sorted(_without_repeats(said), key=_place):
        if _is_in_program(finding, program) and ignores.cover(finding.at.file, finding.code):
            continue
        by = _silenced(finding, program)
        if by is None:
            findings.append(finding)
        else:
            suppressed.append(Suppressed(finding, by))
    return Checked(tuple(findings), tuple(suppressed), spoken if not events.failed else frozenset(), verdicts.unseen)


def assess(program: Program, events: Events, settings: Settings) -> tuple[Assessed, ...]:
    """What every rule has to say of every file, with why it is not reported where it is not; sorted as in `check`."""
    chosen = selected(settings)
    ignores = PerFileIgnores(settings)
    found = _shortest(_said(all_rules(), chosen, program, events, ignores)[0])
    names = {rule.code for rule in chosen}
    reported = {id(finding) for finding in _without_weaker([finding for finding in found if finding.code in names])}
    assessed = (
        Assessed(
            finding,
            finding.code in names,
            ignores.cover(finding.at.file, finding.code),
            _silenced(finding, program),
            finding.code in names and id(finding) not in reported,
        )
        for finding in found
    )
    return tuple(sorted(assessed, key=lambda each: _place(each.finding)))


def _place(finding: Finding) -> tuple[str, int, int, str]:
    return finding.at.file, finding.at.range.row, finding.at.range.column, finding.code


def _said(
    rules: Iterable[Rule], chosen: Sequence[Rule], program: Program, events: Events, ignores: PerFileIgnores
) -> tuple[list[Finding], Verdicts, frozenset[str]]:
    """What `rules` have to say, and which of them had their whole say; the last word have those about comments, who are told what the
    `chosen` ones among the others found."""
    said: list[Finding] = []
    found: dict[str, list[Finding]] = defaultdict(list)
    spoken: set[str] = set()
    reviews = []
    for rule in rules:
        if isinstance(rule, Review):
            reviews.append(rule)
            continue
        own, is_all = _answer(rule, partial(rule.check, program, events))
        said += own
        if rule in chosen:
            for finding in own:
                found[finding.at.file].append(finding)
            if is_all and not rule.is_of_run:
                spoken.add(rule.code)
    judged = frozenset(spoken) if _is_whole(program, events) else frozenset()
    verdicts = Verdicts(found, judged, frozenset(function.file for function in events.truncated), ignores.cover)
    for review in reviews:
        said += _answer(review, partial(review.review, program, verdicts))[0]
    return said, verdicts, frozenset(spoken)


def _is_whole(program: Program, events: Events) -> bool:
    """Whether nothing of the program has remained unseen: what one file hides may be the cause of a finding in any other."""
    return not events.failed and all(module.facts.error is None for module in program.files.values())


def _answer(rule: Rule, ask: Callable[[], Iterator[Finding]]) -> tuple[list[Finding], bool]:
    """What a rule finds, and whether that is all: where it fails, the last finding says so."""
    found = []
    try:
        for finding in ask():
            found.append(finding)
    except Exception as error:
        found.append(_failure(rule, error))
        return found, False
    return found, True


def _failure(rule: Rule, error: Exception) -> Finding:
    file, row = NOWHERE, 1
    if isinstance(error, SessionlintError) and error.file:
        file, row = error.file, max(error.row, 1)
    said = str(error).splitlines()
    message = f"rule {rule.code} failed: {type(error).__name__}" + (f": {said[0]}" if said else "")
    return Finding(*INTERNAL_ERROR, message, Location(file, Range(row, 1, row, 1)), evidence=rule.code)


def _without_repeats(findings: Iterable[Finding]) -> list[Finding]:
    """One finding a place and code; none where a rule that says more has one."""
    return _without_weaker(_shortest(findings))


def _shortest(findings: Iterable[Finding]) -> list[Finding]:
    """One finding a place and code, the one that is told in the fewest steps; what queries lack is that of all of them."""
    best: dict[tuple[str, int, int, str, str], Finding] = {}
    loads: dict[tuple[str, int, int, str, str], set[MissingLoad]] = defaultdict(set)
    beyond: dict[tuple[str, int, int, str, str], bool] = defaultdict(bool)
    for finding in findings:
        key = (*_place(finding), finding.message if finding.at.file == NOWHERE else "")
        known = best.get(key)
        loads[key].update(finding.loads)
        beyond[key] |= finding.is_beyond_options
        if known is None or _length(finding) < _length(known):
            best[key] = finding
    for key, found in best.items():
        if loads[key]:
            best[key] = replace(found, loads=tuple(sorted(loads[key])), is_beyond_options=beyond[key])
    return list(best.values())


def _without_weaker(findings: list[Finding]) -> list[Finding]:
    stronger = {rule.code: rule.yields_to for rule in all_rules() if rule.yields_to}
    taken = {_place(finding) for finding in findings}
    return [found for found in findings if not any((*_place(found)[:3], code) in taken for code in stronger.get(found.code, ()))]


def _length(finding: Finding) -> tuple[int, str, tuple[Location, ...]]:
    """A measure that does not depend on the order in which the rules or the analysis went."""
    return len(finding.related), finding.message, tuple(related.at for related in finding.related)


def _is_in_program(finding: Finding, program: Program) -> bool:
    return finding.at.file in program.files or finding.at.file in program.templates.sources


def _silenced(finding: Finding, program: Program) -> Suppression | None:
    """The comment that silences a finding."""
    module, template = program.files.get(finding.at.file), program.templates.facts.get(finding.at.file)
    facts = module.facts if module is not None else template
    return suppression_of(finding, facts.suppressions) if facts is not None else None
