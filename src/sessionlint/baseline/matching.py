"""Which finding is which entry's. Entry point: `matched`."""

from __future__ import annotations

from collections.abc import Sequence

from sessionlint.baseline.entry import Entry
from sessionlint.baseline.likeness import likeness
from sessionlint.check import Identified


def matched(entries: Sequence[Entry], found: Sequence[Identified]) -> dict[int, int]:
    """The index of the finding of each entry that has one, by the entry's; no finding has two. Those that are the most alike come first."""
    by_kind: dict[tuple[str, ...], list[int]] = {}
    for number, one in enumerate(found):
        by_kind.setdefault(one.identity.kind, []).append(number)
    pairs = []
    for index, entry in enumerate(entries):
        for order, number in enumerate(by_kind.get(entry.identity.kind, ())):
            alike = likeness(entry.identity, found[number])
            if alike:
                pairs.append((-alike, index, order, number))
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, index, _, number in sorted(pairs):
        if index not in taken and number not in used:
            taken[index] = number
            used.add(number)
    return taken
