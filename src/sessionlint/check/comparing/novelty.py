"""Which findings a change has brought: those on lines that it wrote, and those that were not there before. Entry point: `novel`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TypeAlias

from sessionlint.check.comparing.sides import Changed, Side
from sessionlint.check.finding import Finding

Key: TypeAlias = tuple[str, str, str, str, bytes]


def novel(
    findings: Sequence[Finding], now: Side, earlier: Sequence[Finding], before: Side, changed: Changed, *, known: Sequence[Finding] = ()
) -> tuple[Finding, ...]:
    """Those of the `findings` that are not among the `earlier` ones, in their order.

    The same is a finding of the same rule in the same function of the same file, about the same, whose line reads the same; one that was
    edited is so a new one, and one that only moved is not. A whole function that moved or got another name takes its findings along. Of
    equal findings that have become more, those on changed rows are the new ones, and those that are `known` for another reason are not.
    """
    new, lost = _unmatched([*findings, *known], now, earlier, before, changed, {id(finding) for finding in known})
    wanted = {id(finding) for finding in new} - _moved(new, now, lost, before)
    return tuple(finding for finding in findings if id(finding) in wanted)


def remaining(findings: Sequence[Finding], now: Side, known: Sequence[Finding], before: Side) -> tuple[Finding, ...]:
    """The `findings` in a program that was mended, without those that were `known` before, whose lines may have been rewritten."""
    new, lost = _unmatched(findings, now, known, before, Changed("", {}), set())
    rewritten = Counter(_key(finding, before)[:-1] for finding in lost)
    wanted = set()
    for finding in new:
        if rewritten[_key(finding, now)[:-1]]:
            rewritten[_key(finding, now)[:-1]] -= 1
        else:
            wanted.add(id(finding))
    return tuple(finding for finding in findings if id(finding) in wanted)


def _unmatched(
    findings: Sequence[Finding], now: Side, earlier: Sequence[Finding], before: Side, changed: Changed, last: set[int]
) -> tuple[list[Finding], list[Finding]]:
    """The findings without an earlier one, and the earlier ones without a finding."""
    were: dict[Key, list[Finding]] = defaultdict(list)
    for finding in earlier:
        were[_key(finding, before)].append(finding)
    groups: dict[Key, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[_key(finding, now)].append(finding)
    new: list[Finding] = []
    for key, group in groups.items():
        by_age = sorted(
            group,
            key=lambda one: (id(one) in last, not changed.touches(one.at), -one.at.range.row, -one.at.range.column),
        )
        new += by_age[: max(len(group) - len(were[key]), 0)]
    return new, [finding for key, group in were.items() for finding in group[len(groups[key]) :]]


def _key(finding: Finding, side: Side) -> Key:
    return finding.code, side.name(finding.at.file), finding.qualname, finding.evidence, side.text(finding.at)


def _moved(new: list[Finding], now: Side, lost: list[Finding], before: Side) -> set[int]:
    """The identities of those new findings that lie in a function which was elsewhere before, as it is, and is not there any more."""
    left: dict[tuple[str, bytes], list[Finding]] = defaultdict(list)
    for finding in lost:
        left[finding.code, before.text(finding.at)].append(finding)
    found = set()
    for finding in new:
        candidates = left.get((finding.code, now.text(finding.at)), [])
        for other in candidates:
            if _has_moved(finding, now, other, before):
                candidates.remove(other)
                found.add(id(finding))
                break
    return found


def _has_moved(finding: Finding, now: Side, other: Finding, before: Side) -> bool:
    if finding.function is None or other.function is None or now.function(finding.function) != before.function(other.function):
        return False
    facts = now.facts(before.name(other.at.file))
    return facts is None or all(function.qualname != other.qualname for function in facts.functions)
