"""Whether a migrated function does what it did: what may differ, and nothing else. Entry point: `difference`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace

from tests.rewrite.generated.execution import Outcome
from tests.rewrite.generated.functions import Entry

_NEVER_TAKEN = re.compile(
    r"AttributeError 'NoneType' object has no attribute '(close|rollback)'|UnboundLocalError .* '(session|db|s|second|other)'"
)


@dataclass
class Tally:
    """What the programs of a run were like: functions, sites, how many were migrated, why the others were not, and what differed."""

    programs: int = 0
    sites: int = 0
    migrated: int = 0
    calls: int = 0
    raising: int = 0
    leaks_cured: int = 0
    translated: int = 0
    never_taken: int = 0
    locks_gone: int = 0
    left: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        reasons = ", ".join(f"{code} {number}" for code, number in sorted(self.left.items(), key=lambda item: -item[1]))
        return (
            f"{self.programs} programs with {self.sites} sites, {self.migrated} migrated ({100 * self.migrated // max(self.sites, 1)} %); "
            f"{self.calls} calls compared, {self.raising} of them ending in an exception; {self.leaks_cured} leaks cured, "
            f"{self.locks_gone} locks of leaked sessions gone, "
            f"{self.translated} errors translated that nobody saw, {self.never_taken} `close()` of nothing gone; left: {reasons}"
        )


def difference(before: Outcome, after: Outcome, *, is_translating: bool, tally: Tally) -> str:
    """How the outcomes of one call differ, empty if only by what the migration is for.

    What may differ is the misuse that is gone: a connection that leaked and no longer does, and the lock that a leaked session held. A
    scope that translates database errors may do so where an exception leaves the program: nobody in it would see that. Where a `finally` or
    a handler failed on a session that had not been taken yet, and so hid the error that had been raised, that error is seen now, and the
    function goes on from there as it says. Everything else is a difference.
    """
    tally.calls += 1
    tally.raising += bool(before.error)
    if before == after:
        return ""
    if before.was_locked and not after.was_locked:
        tally.locks_gone += 1
        return ""
    if before.error and _NEVER_TAKEN.match(" ".join(before.error[:2])) and after.connections <= before.connections:
        tally.never_taken += 1
        return ""
    if after.connections < before.connections:
        tally.leaks_cured += 1
        after = replace(after, connections=before.connections)
    if is_translating and before.error and after.error == ("DatabaseFailure", "database", *before.error):
        tally.translated += 1
        after = replace(after, error=before.error)
    changed = [each.name for each in fields(Outcome) if getattr(before, each.name) != getattr(after, each.name)]
    return "\n".join(f"  {name}: {getattr(before, name)!r}\n    now: {getattr(after, name)!r}" for name in changed)


def function_in(source: str, entry: Entry) -> str:
    """The text of a generated function in the text of its module."""
    head = entry.source.splitlines()[0].partition("(")[0]
    start = source.index(f"\n{head}") + 1
    end = source.find("\n\n\n", start)
    return source[start : end if end >= 0 else len(source)]
