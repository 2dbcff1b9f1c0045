"""A run's findings beside the entries of a baseline: which are known, which are new, which entries are stale. Entry point: `compare`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sessionlint.baseline.entry import Baseline, Entry
from sessionlint.baseline.examination import Examined
from sessionlint.baseline.matching import matched
from sessionlint.baseline.written import Written
from sessionlint.check import Checked, Finding, Identified, fingerprinted, identified, rule_of
from sessionlint.check.identity import Texts
from sessionlint.source import Location, Range

STALE = "SES004"


@dataclass(frozen=True, slots=True)
class Compared:
    """`known` are the entries whose finding is there, with it; `silenced` those whose finding a comment silences; `gone` those that have
    none any more; `unexamined` those of which the run cannot tell. `new` are the findings that have no entry and may get one, `others`
    those that never do: what is said of the run itself."""

    baseline: Baseline
    known: tuple[tuple[Entry, Identified], ...]
    silenced: tuple[Entry, ...]
    gone: tuple[Entry, ...]
    unexamined: tuple[Entry, ...]
    new: tuple[Identified, ...]
    others: tuple[Finding, ...]

    @property
    def stale(self) -> tuple[Entry, ...]:
        """The entries that are of no use, in the order of their rows."""
        return tuple(sorted((*self.gone, *self.silenced), key=lambda entry: entry.row))

    @property
    def baselined(self) -> tuple[Finding, ...]:
        """The findings that are known, sorted like all findings."""
        return _sorted(one.finding for _, one in self.known)

    def reported(self, *, with_stale: bool) -> tuple[Finding, ...]:
        """The findings to report: those that are not known and, if wanted, the stale entries."""
        stale = _findings_of(self) if with_stale else ()
        return _sorted((*(one.finding for one in self.new), *self.others, *stale))


def compare(baseline: Baseline, checked: Checked, examined: Examined, sources: Mapping[str, bytes]) -> Compared:
    """The findings of a run beside a baseline; `sources` are the files' contents by name."""
    texts = Texts(sources)
    of_run = {finding.code for finding in checked.findings if rule_of(finding.code).is_of_run}
    found = identified([finding for finding in checked.findings if finding.code not in of_run], texts)
    silenced = identified([one.finding for one in checked.suppressed], texts)
    taken = matched(baseline.entries, (*found, *silenced))
    numbers = set(taken.values())
    without = [entry for index, entry in enumerate(baseline.entries) if index not in taken]
    written = Written(texts, (*found, *silenced))
    gone = {id(entry) for entry in without if examined.covers(entry) or (examined.judges(entry) and written.is_gone(entry))}
    return Compared(
        baseline,
        tuple((baseline.entries[index], found[number]) for index, number in sorted(taken.items()) if number < len(found)),
        tuple(baseline.entries[index] for index, number in sorted(taken.items()) if number >= len(found)),
        tuple(entry for entry in without if id(entry) in gone),
        tuple(entry for entry in without if id(entry) not in gone),
        tuple(one for number, one in enumerate(found) if number not in numbers),
        tuple(finding for finding in checked.findings if finding.code in of_run),
    )


def _findings_of(compared: Compared) -> tuple[Finding, ...]:
    """What SES004 says of the stale entries."""
    rule, baseline = rule_of(STALE), compared.baseline
    found = []
    for entry in compared.stale:
        message = rule.message_formats[1 if entry in compared.silenced else 0]
        found.append(
            Finding(
                rule.code,
                rule.name,
                message.format(entry=entry.shown),
                Location(baseline.name, Range(entry.row, 1, entry.row, 1)),
                help="`sessionlint baseline prune` removes it",
                evidence=entry.shown,
                severity=rule.severity,
            )
        )
    return fingerprinted(Checked(tuple(found), ()), {baseline.name: baseline.content}).findings


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (finding.at.file, finding.at.range, finding.code)))
