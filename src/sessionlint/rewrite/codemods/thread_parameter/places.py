"""Where in a function something stands: what is certain to have run before it, and what may run in between. Entry point: `Places`."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.facts import FileFacts, FunctionFacts, ops
from sessionlint.facts.ops import Stmt
from sessionlint.facts.walk import statements
from sessionlint.rewrite.reading.walk import Node, Suite, bound_names, headers, leaves, suites, walk
from sessionlint.source import Range

Position = tuple[int, int]


def start(at: Range) -> Position:
    """Where a range begins."""
    return at.row, at.column


def end(at: Range) -> Position:
    """Where a range ends."""
    return at.end_row, at.end_column


class Places:
    """The statements of one function with the blocks they stand in."""

    def __init__(self, facts: FileFacts, function: FunctionFacts) -> None:
        self._facts, self.function = facts, function
        self._around: dict[int, list[tuple[Suite, int]]] = {}
        self._holding: dict[int, Stmt] = {}
        for suite in suites(function.body):
            above = _above(suite)
            for index, statement in enumerate(suite.statements):
                self._around[id(statement)] = [(suite, index), *above]
                for node in walk(*headers(statement)):
                    self._holding[id(node)] = statement

    def statement_of(self, node: Node) -> Stmt | None:
        """The statement whose own expressions hold `node`."""
        return self._holding.get(id(node))

    def suite_of(self, statement: Stmt) -> Suite:
        """The block that a statement stands in."""
        return self._around[id(statement)][0][0]

    def is_before(self, first: Stmt, second: Stmt) -> bool:
        """Whether `first` has run, and no other block of its kind instead, whenever `second` is reached."""
        suite, index = self._around[id(first)][0]
        return any(other.statements is suite.statements and position > index for other, position in self._around[id(second)])

    def is_unconditional(self, statement: Stmt) -> bool:
        """Whether every call of the function that does not raise before runs the statement."""
        around = self._around[id(statement)]
        for suite, index in around:
            is_plain = suite.kind == "function" or (suite.kind == "body" and isinstance(suite.owner, ops.With))
            if not is_plain or any(_may_leave(earlier) for earlier in suite.statements[:index]):
                return False
        return True

    def loops(self, statement: Stmt, outside: Stmt | None) -> list[Stmt]:
        """The loops around `statement` that do not hold `outside`."""
        others = [suite.owner for suite, _ in self._around[id(outside)]] if outside is not None else []
        owners = [suite.owner for suite, _ in self._around[id(statement)]]
        return [o for o in owners if isinstance(o, ops.For | ops.While) and not any(o is other for other in others)]

    def between(self, first: Stmt | None, second: Stmt, until: Position) -> Iterator[Stmt]:
        """The statements that may run after `first` (or since the beginning) and before `until`, which lies in `second`."""
        since = end(first.at) if first is not None else (0, 0)
        loops = self.loops(second, first)
        for statement in statements(self.function.body):
            is_passed = start(statement.at) < until and _header_end(statement) > since
            if statement is not first and (is_passed or any(_is_within(statement, loop) for loop in loops)):
                yield statement

    def binds_between(self, name: str, first: Stmt | None, second: Stmt, until: Position) -> bool:
        """Whether `name` may be bound anew in between."""
        return any(name in self._bound(s) for s in self.between(first, second, until))

    def bindings(self, name: str) -> list[Stmt]:
        """The statements that bind a name in this function."""
        return [s for s in statements(self.function.body) if name in self._bound(s)]

    def _bound(self, statement: Stmt) -> set[str]:
        names = bound_names(statement, self._facts)
        match statement:
            case ops.Try(handlers=handlers):
                names |= {handler.name for handler in handlers}
            case ops.Delete(targets=targets):
                names |= {target.id for target in targets if isinstance(target, ops.Name)}
            case ops.Global(names=declared):
                names |= set(declared)
            case _:
                pass
        return names


def _above(suite: Suite) -> list[tuple[Suite, int]]:
    found = []
    while suite.parent is not None:
        found.append((suite.parent, suite.index))
        suite = suite.parent
    return found


def _header_end(statement: Stmt) -> Position:
    """Where the statement's own expressions end: a compound one goes on after them."""
    if isinstance(statement, ops.If | ops.While | ops.For | ops.With | ops.Try | ops.Match):
        return max((end(node.at) for node in headers(statement)), default=start(statement.at))
    return end(statement.at)


def _is_within(inner: Stmt, outer: Stmt) -> bool:
    return start(outer.at) <= start(inner.at) and end(inner.at) <= end(outer.at)


def _may_leave(statement: Stmt) -> bool:
    """Whether control may leave the block in this statement other than by an exception of a call."""
    inside = list(statements([statement]))
    return any(isinstance(s, ops.Return | ops.Raise | ops.Break | ops.Continue) for s in inside) or leaves((statement,))
