"""Which names may still be read after a stretch of a function: classic liveness over the structured operations, exceptions included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sessionlint.facts import FileFacts, ops
from sessionlint.facts.ops import Expr, Stmt
from sessionlint.facts.walk import statements
from sessionlint.rewrite.reading.walk import Node, bound_names, children, headers, read_names, target_names

Names = frozenset[str]
_NONE: Names = frozenset()


@dataclass(frozen=True, slots=True)
class _Exits:
    """What is read after leaving by `break`, `continue`, `return`, and by an exception that an enclosing `try` sees."""

    broken: Names = _NONE
    continued: Names = _NONE
    returned: Names = _NONE
    raised: Names = _NONE


class _Liveness:
    def __init__(self, facts: FileFacts, last: Stmt, is_ignored: Callable[[Stmt], bool]) -> None:
        self.facts, self.last, self.is_ignored = facts, last, is_ignored
        self.after: Names = _NONE
        self.raised: Names = _NONE

    def block(self, body: tuple[Stmt, ...], out: Names, exits: _Exits) -> Names:
        for statement in reversed(body):
            if statement is self.last:
                self.after |= out
                self.raised |= exits.raised
            if not self.is_ignored(statement):
                out = self.statement(statement, out, exits)
        return out

    def statement(self, statement: Stmt, out: Names, exits: _Exits) -> Names:
        match statement:
            case ops.Return() | ops.Raise():
                after = exits.returned if isinstance(statement, ops.Return) else _NONE
                return after | exits.raised | self.looked_into(*headers(statement))
            case ops.Break():
                return exits.broken
            case ops.Continue():
                return exits.continued
            case ops.If():
                return self.reads(statement) | self.block(statement.body, out, exits) | self.block(statement.orelse, out, exits)
            case ops.While() | ops.For():
                return self.loop(statement, out, exits)
            case ops.With():
                inside = self.block(statement.body, out, exits)
                bound = {name for item in statement.items for name in target_names(item.target)}
                return (inside - bound) | self.reads(statement)
            case ops.Try():
                return self.attempt(statement, out, exits)
            case ops.Match():
                inside = frozenset().union(*(self.block(case.body, out, exits) for case in statement.cases), out)
                return inside | self.reads(statement) | read_names(self.facts, *(v for case in statement.cases for v in case.values))
            case _:
                return self.plain(statement, out)

    def reads(self, statement: Stmt) -> Names:
        if isinstance(statement, ops.If | ops.While):
            return frozenset(self.tested(statement.test))
        targets: set[str] = set()
        if isinstance(statement, ops.For):
            targets = set(target_names(statement.target))
        elif isinstance(statement, ops.With):
            targets = {name for item in statement.items for name in target_names(item.target)}
        return frozenset(self.looked_into(*headers(statement)) - targets)

    def tested(self, test: Expr) -> set[str]:
        """The names that a condition looks into; whether a value is there at all (`if user`, `user is None`) is no look into it."""
        match test:
            case ops.Name():
                return set()
            case ops.Not(value=value):
                return self.tested(value)
            case ops.BoolOp(values=values):
                return set().union(*map(self.tested, values))
            case _:
                return self.looked_into(test)

    def looked_into(self, *nodes: Node) -> set[str]:
        """The names that are read for more than a comparison with None."""
        found: set[str] = set()
        for node in nodes:
            match node:
                case None | ops.Compare(left=ops.Name(), operators=("is" | "is not",), comparators=(ops.Constant(value=None),)):
                    pass
                case ops.Conditional(test=test, body=body, orelse=orelse):
                    found |= self.tested(test) | self.looked_into(body, orelse)
                case ops.Name() | ops.Lambda() | ops.FunctionDef() | ops.ClassDef():
                    found |= read_names(self.facts, node)
                case _:
                    found |= self.looked_into(*children(node))
        return found

    def plain(self, statement: Stmt, out: Names) -> Names:
        bound = bound_names(statement, self.facts)
        match statement:
            case ops.Assign(targets=targets, value=value):
                others = [target for target in targets if not isinstance(target, ops.Name)]
                read = self.looked_into(*others, value) - {n for t in others for n in target_names(t)}
            case ops.FunctionDef() | ops.ClassDef():
                read = read_names(self.facts, statement)
            case ops.Import() | ops.Global():
                read = set()
            case _:
                read = self.looked_into(*headers(statement))
        return (out - bound) | read

    def loop(self, statement: ops.While | ops.For, out: Names, exits: _Exits) -> Names:
        after = self.block(statement.orelse, out, exits)
        bound = set(target_names(statement.target)) if isinstance(statement, ops.For) else set()
        head = after | self.reads(statement)
        for _ in range(3):
            inner = replace(exits, broken=out, continued=head)
            head = head | (self.block(statement.body, head, inner) - bound)
        return head

    def attempt(self, statement: ops.Try, out: Names, exits: _Exits) -> Names:
        final = self.block(statement.finalbody, out, exits)
        cleanup = frozenset(self.block(statement.finalbody, _NONE, exits)) if statement.finalbody else _NONE
        outer = replace(
            exits,
            returned=exits.returned | cleanup,
            raised=exits.raised | cleanup,
            broken=exits.broken | cleanup,
            continued=exits.continued | cleanup,
        )
        caught = cleanup
        for handler in statement.handlers:
            inside = self.block(handler.body, final, outer) - {handler.name}
            caught |= inside | read_names(self.facts, handler.type)
        orelse = self.block(statement.orelse, final, outer)
        inner = replace(outer, raised=outer.raised | caught)
        return self.block(statement.body, orelse, inner) | caught


def live_after(body: tuple[Stmt, ...], last: Stmt, facts: FileFacts, is_ignored: Callable[[Stmt], bool]) -> tuple[Names, Names]:
    """The names that code after the statement `last` may read before it binds them again: after it, and when it is left otherwise.

    What a `finally` around it reads is among both; `is_ignored` marks statements that will not be there any more. What functions defined
    elsewhere in `body` read is not looked at, see `closed_over`.
    """
    liveness = _Liveness(facts, last, is_ignored)
    liveness.block(body, _NONE, _Exits())
    return liveness.after, liveness.raised


def closed_over(body: tuple[Stmt, ...], facts: FileFacts) -> Names:
    """The names that functions defined in `body` read from it."""
    return frozenset().union(*(read_names(facts, s) for s in statements(body) if isinstance(s, ops.FunctionDef | ops.ClassDef)))
