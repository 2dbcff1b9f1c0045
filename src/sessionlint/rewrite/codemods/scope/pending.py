"""What has to be said on the ways out of the block: `rollback()` where changes are pending that `close()` dropped and a committing scope
would write, `expunge_all()` where instances leave."""

from __future__ import annotations

from dataclasses import dataclass, field

from sessionlint.facts import ops
from sessionlint.facts.ops import Stmt
from sessionlint.rewrite.codemods.scope.effects import effect_of
from sessionlint.rewrite.codemods.scope.errors import may_catch_database_error
from sessionlint.rewrite.codemods.scope.evaluate import Frame
from sessionlint.rewrite.codemods.scope.leaving import Leaving
from sessionlint.rewrite.codemods.scope.values import SESSION
from sessionlint.rewrite.codemods.scope.walk import leaves, read_names, statements

Loop = ops.For | ops.While


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out on which the session has something to `call` first. `before` is the statement in front of which it belongs, None for the
    end of the block."""

    before: Stmt | None
    needs_result: bool = False
    call: str = "rollback"


@dataclass(slots=True)
class Pending:
    """The result: the ways out to mend, and the handlers in which rolling back first is enough; `refused` is the row of one that cannot be
    mended."""

    exits: list[Exit] = field(default_factory=list)
    handlers: list[ops.Handler] = field(default_factory=list)
    refused: int | None = None


class Flow:
    """Walks a block with one bit of state: whether changes, or a failed flush, may be pending."""

    def __init__(self, frame: Frame, closing: set[int], leaving: Leaving) -> None:
        self.frame, self.closing, self.leaving = frame, closing, leaving
        self.found = Pending()
        self.loops: list[bool] = []
        self.seen: set[int] = set()

    def block(self, body: tuple[Stmt, ...], dirty: bool) -> bool:
        for statement in body:
            dirty = self.statement(statement, dirty)
        return dirty

    def statement(self, statement: Stmt, dirty: bool) -> bool:
        effect = effect_of(self.frame, statement)
        after = False if effect.ends else dirty or effect.writes
        if id(statement) in self.closing:
            return dirty
        if isinstance(statement, ops.Return | ops.Break | ops.Continue | ops.Raise):
            self.leave(statement, after)
            return False
        match statement:
            case ops.If():
                return self.block(statement.body, after) | self.block(statement.orelse, after)
            case ops.For() | ops.While():
                return self.loop(statement, after)
            case ops.With():
                return self.block(statement.body, after)
            case ops.Try():
                return self.attempt(statement, after)
            case ops.Match():
                return any([after, *(self.block(case.body, after) for case in statement.cases)])
            case _:
                return after

    def leave(self, statement: ops.Return | ops.Break | ops.Continue | ops.Raise, dirty: bool) -> None:
        match statement:
            case ops.Return(value=value) if id(statement) in self.leaving.returned:
                self.forget(statement, dirty, not isinstance(value, ops.Name))
            case ops.Return(value=value) if dirty:
                self.exit(statement, Exit(statement, value is not None and bool(self.frame.tied(value))))
            case ops.Break() | ops.Continue() if self.loops:
                self.loops[-1] |= dirty
            case ops.Break() | ops.Continue() if self.leaving.after:
                self.forget(statement, dirty)
            case ops.Break() | ops.Continue() if dirty:
                self.exit(statement, Exit(statement))
            case _:
                pass

    def exit(self, statement: Stmt, exit: Exit) -> None:
        if id(statement) not in self.seen:
            self.seen.add(id(statement))
            self.found.exits.append(exit)

    def forget(self, statement: Stmt, dirty: bool, needs_result: bool = False) -> None:
        """The session forgets its instances before the scope expires them; a rollback would expire them too."""
        if dirty:
            self.found.refused = statement.at.row
        self.exit(statement, Exit(statement, needs_result, "expunge_all"))

    def loop(self, statement: Loop, dirty: bool) -> bool:
        for _ in range(2):
            self.loops.append(False)
            dirty |= self.block(statement.body, dirty)
            dirty |= self.loops.pop()
        return self.block(statement.orelse, dirty) or dirty

    def attempt(self, statement: ops.Try, dirty: bool, is_last: bool = False) -> bool:
        inside = dirty or self.may_write(statement.body) or self.may_write(statement.orelse)
        after = self.block(statement.orelse, self.block(statement.body, dirty))
        touches = bool(self.frame.tied(*statement.body, *statement.orelse))
        for handler in statement.handlers:
            broken = inside or (touches and may_catch_database_error(self.frame, handler))
            if broken and (is_last or leaves(handler.body, loops=False)) and self.can_begin_with_rollback(handler):
                self.found.handlers.append(handler)
                broken = False
            after |= self.block(handler.body, broken)
        return self.block(statement.finalbody, after)

    def may_write(self, body: tuple[Stmt, ...]) -> bool:
        """Whether anything in the block leaves changes, even if they are committed later on."""
        return any(effect_of(self.frame, statement).writes for statement in statements(body))

    def can_begin_with_rollback(self, handler: ops.Handler) -> bool:
        """The handler swallows the error without a rollback of its own and looks at nothing that a rollback would change."""
        every = list(statements(handler.body))
        if any(isinstance(s, ops.Raise) for s in every) and not any(isinstance(s, ops.Return) for s in every):
            return False
        tied = {name for name in self.frame.tied(*handler.body) if self.frame.lookup(name) != SESSION}
        uses_session = any(self.frame.lookup(n) == SESSION for n in read_names(self.frame.file, *handler.body))
        return not tied and not uses_session


def pending_exits(frame: Frame, body: tuple[Stmt, ...], closing: set[int], leaving: Leaving) -> Pending:
    """The ways out of `body` on which `session.rollback()` or `session.expunge_all()` has to be said; `closing` are the ids of `close()`
    statements that will go."""
    flow = Flow(frame, closing, leaving)
    dirty = False
    for index, statement in enumerate(body):
        if isinstance(statement, ops.Try) and index == len(body) - 1:
            dirty = flow.attempt(statement, dirty, is_last=True)
        else:
            dirty = flow.statement(statement, dirty)
    if leaving.after and not leaves(body):
        if dirty:
            flow.found.refused = body[-1].at.end_row
        flow.found.exits.append(Exit(None, call="expunge_all"))
    elif dirty:
        flow.found.exits.append(Exit(None))
    return flow.found
