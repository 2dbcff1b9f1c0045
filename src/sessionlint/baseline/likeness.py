"""Whether a finding is one that was there before: the same statement may stand twice in a function, be mended here and written anew
there. Entry point: `likeness`; `docs/decisions/0005-identity.md` gives the reasons."""

from __future__ import annotations

from collections.abc import Sequence

from sessionlint.check import Identified, Identity
from sessionlint.check.identity import REBOUND


def likeness(known: Identity, found: Identified) -> int:
    """0 for another finding, else the more the surer. Both are of the same kind.

    The lines around tell. It must not have left a block that is still there. With the same neighbours on both sides (an end of the function
    is one) it is the same. Else nothing that stood in front of it may stand behind it now, nor the other way round; what used it may not
    use another one now; and it must have kept one neighbour, or all lines that are remembered, or its place at an end of the function.
    """
    new, around = found.identity, found.around
    if known.queries and new.queries and not set(known.queries) & set(new.queries):
        return 0
    if any(header in around.headers and header not in around.within for header in known.within):
        return 0
    kept = _shared(known.before, around.before) + _shared(known.after, around.behind)
    above = _is_next(known.before[::-1], around.before[::-1], around.lines)
    below = _is_next(known.after, around.after, around.lines)
    sure = 1 + 100 * (above + below) + 2 * kept + (known.queries == new.queries)
    is_first, is_last = (not known.before and not new.before), (not known.after and not new.after)
    if (above and (below or is_last)) or (below and is_first):
        return sure
    if known.use in around.behind and known.use not in around.after:
        return 0
    if kept < _shared((*known.before, *known.after), around.lines):
        return 0
    return sure if above or below or _is_where_it_was(known, kept, is_at_end=is_first or is_last) else 0


def _is_where_it_was(known: Identity, kept: int, *, is_at_end: bool) -> bool:
    """Whether the lines that are left pin it down although both neighbours have changed: all of them, or some and an end."""
    remembered = len(known.before) + len(known.after) - known.after.count(REBOUND)
    if is_at_end:
        return kept > 0 or remembered == 0
    return bool(known.before and known.after) and kept == remembered


def _is_next(known: Sequence[str], new: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether the nearest line is the same; of one that the function has several times, the next one as well."""
    number = 1 if lines.count(known[0] if known else "") == 1 else 2
    return bool(known) and list(known[:number]) == list(new[:number])


def _shared(known: Sequence[str], new: Sequence[str]) -> int:
    """The length of the longest sequence of lines that both have in their order."""
    known = [mark for mark in known if mark != REBOUND]
    best = [0] * (len(known) + 1)
    for mark in new:
        previous = best[:]
        for position, other in enumerate(known, 1):
            best[position] = previous[position - 1] + 1 if mark == other else max(previous[position], best[position - 1])
    return best[-1]
