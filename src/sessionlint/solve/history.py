"""How a value came to be what it is: the steps that a story is told from."""

from __future__ import annotations

import msgspec

from sessionlint.source import Location


class Step(msgspec.Struct, frozen=True, gc=False):
    """One step of a history. `role` is `session`, `query`, `commit`, `rollback`, `expire`, `end` (the session ended), `call`,
    `return`, `read`, `store`, `flush` (one that fails), `use`
    or `relationship` (the declaration); `text` is one sentence without full stop."""

    role: str
    at: Location
    text: str


class History(msgspec.Struct, frozen=True):
    """A persistent list of steps, newest last when iterated; sharing makes a copy of a path state cheap."""

    last: Step | None = None
    before: History | None = None

    def then(self, step: Step) -> History:
        """This history with one more step; a step that is already the last one is not repeated."""
        return self if self.last == step else History(step, self)

    def steps(self) -> tuple[Step, ...]:
        """All steps, oldest first."""
        found: list[Step] = []
        node: History | None = self
        while node is not None and node.last is not None:
            found.append(node.last)
            node = node.before
        return tuple(reversed(found))

    def first(self, role: str) -> Step | None:
        """The oldest step of that role."""
        found: Step | None = None
        node: History | None = self
        while node is not None and node.last is not None:
            if node.last.role == role:
                found = node.last
            node = node.before
        return found


EMPTY = History()
