"""How a piece of code can be left."""

from __future__ import annotations

import msgspec

from sessionlint.solve.limits import MAX_STATES
from sessionlint.solve.state.state import PathState, kept
from sessionlint.solve.state.values import Value
from sessionlint.source import Location


class Thrown(msgspec.Struct, frozen=True, gc=False):
    """An exception on its way. `names` are the canonical names of its class and bases, innermost first; empty for "some Exception"."""

    at: Location
    names: tuple[str, ...] = ()
    value: Value | None = None


class Outcome(msgspec.Struct):
    """The states in which a statement is left, by the way it is left."""

    normal: list[PathState] = msgspec.field(default_factory=list)
    returned: list[tuple[PathState, Value]] = msgspec.field(default_factory=list)
    raised: list[tuple[PathState, Thrown]] = msgspec.field(default_factory=list)
    broken: list[PathState] = msgspec.field(default_factory=list)
    continued: list[PathState] = msgspec.field(default_factory=list)

    def add_exits(self, other: Outcome) -> None:
        """Take over every way out of `other` but the normal one."""
        if other.returned:
            self.returned += other.returned
        if other.raised:
            self.raised += other.raised
        if other.broken:
            self.broken += other.broken
        if other.continued:
            self.continued += other.continued

    def trim(self) -> Outcome:
        """Keep as many states as the limits allow, one of a kind."""
        if len(self.normal) > 1:
            self.normal = kept(self.normal)
        if len(self.broken) > 1:
            self.broken = kept(self.broken)
        if len(self.continued) > 1:
            self.continued = kept(self.continued)
        if len(self.returned) > 1:
            self.returned = distinct_returns(self.returned)
        if len(self.raised) > 1:
            self.raised = distinct_raises(self.raised)
        return self


def distinct_returns(pairs: list[tuple[PathState, Value]]) -> list[tuple[PathState, Value]]:
    """One returning state of a kind."""
    found: dict[object, tuple[PathState, Value]] = {}
    for state, value in pairs:
        found.setdefault((state.signature(), value), (state, value))
    return list(found.values())[:MAX_STATES]


def distinct_raises(pairs: list[tuple[PathState, Thrown]]) -> list[tuple[PathState, Thrown]]:
    """One raising state of a kind and exception class, the earliest place first."""
    if len(pairs) < 2:
        return pairs
    found: dict[object, tuple[PathState, Thrown]] = {}
    for state, thrown in pairs:
        found.setdefault((state.signature(), thrown.names), (state, thrown))
    return list(found.values())[: 2 * MAX_STATES]
