"""Whether a finding is one that was there before: the same statement may stand twice in a function, be mended here and written anew
there. Entry point: `likeness`; `docs/decisions/0005-identity.md` gives the reasons."""

from __future__ import annotations

from collections.abc import Sequence

from sessionlint.check import Identified, Identity


def likeness(known: Identity, found: Identified) -> int:
    """0 for another finding, else the more the surer.

    Both have the same kind. The lines around tell: those that were in front of it must still be there and those behind it behind it, as far
    as they are still in the function; it must not have left a block that is still there; and at least one of its neighbours, or all lines
    that are remembered, must be the same.
    """
    new, around = found.identity, found.around
    if known.queries and new.queries and not set(known.queries) & set(new.queries):
        return 0
    if any(header in around.headers and header not in around.within for header in known.within):
        return 0
    front, behind = _kept(known.before, around.before), _kept(known.after, around.after)
    if front + behind < _kept((*known.before, *known.after), (*around.before, *around.after, *around.rest)):
        return 0
    neighbours = _is_shared(known.before[-1:], new.before[-1:]) + _is_shared(known.after[:1], new.after[:1])
    is_at_edge = (not known.before and not new.before) or (not known.after and not new.after)
    is_supported = is_at_edge and front + behind > 0
    if neighbours or is_supported or front + behind == len(known.before) + len(known.after):
        return 1 + 100 * neighbours + 2 * (front + behind) + (known.queries == new.queries)
    return 0


def _is_shared(known: Sequence[str], new: Sequence[str]) -> bool:
    return bool(known) and list(known) == list(new)


def _kept(known: Sequence[str], new: Sequence[str]) -> int:
    """The length of the longest sequence of marks that both have in their order."""
    best = [0] * (len(known) + 1)
    for mark in new:
        previous = best[:]
        for position, other in enumerate(known, 1):
            best[position] = previous[position - 1] + 1 if mark == other else max(previous[position], best[position - 1])
    return best[-1]
