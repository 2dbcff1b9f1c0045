"""Which findings a change has brought: those on statements that it wrote, and those that were not there before. Entry point: `novel`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sessionlint.check.comparing.records import Kind, Record, body_of, kinds, renamed
from sessionlint.check.comparing.sides import Changed, Side
from sessionlint.check.finding import Finding
from sessionlint.check.identity import Texts


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
    new, lost = _unmatched([*findings, *known], now.texts, renamed(earlier, names), changed, last)
    wanted = {id(finding) for finding in new} - _moved(new, now, lost, changed)
    return tuple(finding for finding in findings if id(finding) in wanted)


def _unmatched(
    findings: Sequence[Finding], texts: Texts, earlier: Sequence[Record], changed: Changed, last: set[int]
) -> tuple[list[Finding], list[Record]]:
    """The findings without an earlier one, and the earlier ones without a finding."""
    were: dict[Kind, list[Record]] = defaultdict(list)
    for record in earlier:
        were[record.kind].append(record)
    groups: dict[Kind, list[Finding]] = defaultdict(list)
    for finding, kind in zip(findings, kinds(findings, texts), strict=True):
        groups[kind].append(finding)
    new: list[Finding] = []
    for kind, group in groups.items():
        by_age = sorted(
            group,
            key=lambda one: (id(one) in last, not changed.touches(one.at), -one.at.range.row, -one.at.range.column),
        )
        new += by_age[: max(len(group) - len(were[kind]), 0)]
    return new, [record for kind, group_then in were.items() for record in group_then[len(groups[kind]) :]]


def _moved(new: Sequence[Finding], now: Side, lost: Sequence[Record], changed: Changed) -> set[int]:
    """The identities of those new findings that lie in a function which was there before under another name or elsewhere, and is not there
    any more: as it is, or edited around statements that are the same."""
    by_body: dict[Kind, list[Record]] = defaultdict(list)
    by_statement: dict[Kind, list[Record]] = defaultdict(list)
    for record in lost:
        if not _has_function(now, record.kind[1], record.kind[2]):
            by_body[_in_function(record.kind, record.body)].append(record)
            by_statement[_in_file(record.kind)].append(record)
    if not by_body:
        return set()
    found = set()
    for finding, kind in zip(new, kinds(new, now.texts), strict=True):
        candidates = [each for each in by_body.get(_in_function(kind, body_of(finding, now)), ()) if each.body]
        if not candidates and not changed.touches(finding.at):
            candidates = by_statement.get(_in_file(kind), [])
        if candidates:
            taken = candidates[0]
            by_body[_in_function(taken.kind, taken.body)].remove(taken)
            by_statement[_in_file(taken.kind)].remove(taken)
            found.add(id(finding))
    return found


def _in_function(kind: Kind, body: str) -> Kind:
    """What findings have in common in a function that is somewhere else."""
    return kind[0], "", "", body, kind[4]


def _in_file(kind: Kind) -> Kind:
    """What findings have in common in a function with another name; what they are about may be told with it."""
    name = kind[2].rpartition(".")[2]
    return kind[0], kind[1], "", kind[3].replace(name, "") if name else kind[3], kind[4]


def _has_function(side: Side, file: str, qualname: str) -> bool:
    facts = side.facts(file)
    return facts is not None and any(function.qualname == qualname for function in facts.functions)
