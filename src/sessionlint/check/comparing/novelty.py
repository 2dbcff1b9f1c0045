"""Which findings a change has brought: those on statements that it wrote, and those that were not there before. Entry point: `novel`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sessionlint.check.comparing.records import Kind, Record, body_of, kinds, renamed
from sessionlint.check.comparing.sides import Changed, Side
from sessionlint.check.finding import Finding


def novel(
    findings: Sequence[Finding],
    now: Side,
    earlier: Sequence[Record],
    changed: Changed,
    *,
    names: Mapping[str, str],
    known: Sequence[Finding] = (),
) -> tuple[Finding, ...]:
    """Those of the `findings` that are not among the `earlier` ones, in their order; `names` are what renamed files are called now.

    The same is a finding of the same rule in the same function of the same file, about the same, on the same statement; one whose statement
    was edited is so a new one, and one that only moved, or was formatted anew, is not. A whole function that moved or got another name
    takes its findings along. Of equal findings that have become more, those on changed rows are the new ones, and those that are `known`
    for another reason are not.
    """
    last = {id(finding) for finding in known}
    new, lost = _unmatched([*findings, *known], now.sources, renamed(earlier, names), changed, last)
    wanted = {id(finding) for finding in new} - _moved(new, now, lost)
    return tuple(finding for finding in findings if id(finding) in wanted)


def _unmatched(
    findings: Sequence[Finding], sources: Mapping[str, bytes], earlier: Sequence[Record], changed: Changed, last: set[int]
) -> tuple[list[Finding], list[Record]]:
    """The findings without an earlier one, and the earlier ones without a finding."""
    were: dict[Kind, list[Record]] = defaultdict(list)
    for record in earlier:
        were[record.kind].append(record)
    groups: dict[Kind, list[Finding]] = defaultdict(list)
    for finding, kind in zip(findings, kinds(findings, sources), strict=True):
        groups[kind].append(finding)
    new: list[Finding] = []
    for kind, group in groups.items():
        by_age = sorted(
            group,
            key=lambda one: (id(one) in last, not changed.touches(one.at), -one.at.range.row, -one.at.range.column),
        )
        new += by_age[: max(len(group) - len(were[kind]), 0)]
    return new, [record for kind, group_then in were.items() for record in group_then[len(groups[kind]) :]]


def _moved(new: Sequence[Finding], now: Side, lost: Sequence[Record]) -> set[int]:
    """The identities of those new findings that lie in a function which was elsewhere before, as it is, and is not there any more."""
    gone: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for record in lost:
        if record.body and not _has_function(now, record.kind[1], record.kind[2]):
            gone[record.kind[0], record.kind[4], record.body].append(record)
    if not gone:
        return set()
    found = set()
    for finding, kind in zip(new, kinds(new, now.sources), strict=True):
        candidates = gone.get((kind[0], kind[4], body_of(finding, now)))
        if candidates:
            candidates.pop()
            found.add(id(finding))
    return found


def _has_function(side: Side, file: str, qualname: str) -> bool:
    facts = side.facts(file)
    return facts is not None and any(function.qualname == qualname for function in facts.functions)
