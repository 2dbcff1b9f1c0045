"""What has to be said on the ways out of the block: `rollback()` where changes are pending that `close()` dropped and a committing scope
would write, `expunge_all()` where instances leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sessionlint.facts import ops
from sessionlint.facts.ops import Stmt
from sessionlint.facts.walk import statements
from sessionlint.link.symbols import ClassSymbol, FunctionSymbol
from sessionlint.rewrite.codemods.scope.effects import effect_of
from sessionlint.rewrite.codemods.scope.errors import may_catch_database_error
from sessionlint.rewrite.codemods.scope.evaluate import Frame
from sessionlint.rewrite.codemods.scope.leaving import Leaving
from sessionlint.rewrite.codemods.scope.values import SESSION
from sessionlint.rewrite.reading.walk import dotted, leaves, read_names

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
    """The result: the ways out to mend, the handlers in which rolling back first is enough; `refused` is the row of a way out that
    instances take and that cannot be mended, and `obstacle` says why no `rollback()` can mend some way out (empty: all can be)."""

    exits: list[Exit] = field(default_factory=list)
    handlers: list[ops.Handler] = field(default_factory=list)
    refused: int | None = None
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Unwinding:
    """What runs on the way out of a `try` or `with`: the statements of a `finally`, or (None) the end of a context that has to do with the
    session. `loops` is the number of loops around it."""

    final: tuple[Stmt, ...] | None
    loops: int


class Flow:
    """Walks a block with one bit of state: whether changes, or a failed flush, may be pending."""

    def __init__(self, frame: Frame, closing: set[int], leaving: Leaving) -> None:
        self.frame, self.closing, self.leaving = frame, closing, leaving
        self.found = Pending()
        self.loops: list[bool] = []
        self.seen: set[int] = set()
        self.unwinding: list[Unwinding] = []

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
                self.unwinding += [Unwinding(None, len(self.loops))] if self.is_context_of_session(statement) else []
                inside = self.block(statement.body, after)
                self.unwinding = self.unwinding[:-1] if self.is_context_of_session(statement) else self.unwinding
                return inside or (self.swallows(statement) and (after or self.may_break(statement.body)))
            case ops.Try():
                return self.attempt(statement, after)
            case ops.Match():
                return any([after, *(self.block(case.body, after) for case in statement.cases)])
            case _:
                return after

    def leave(self, statement: ops.Return | ops.Break | ops.Continue | ops.Raise, dirty: bool) -> None:
        around = [each for each in self.unwinding if isinstance(statement, ops.Return) or (not self.loops and not each.loops)]
        dirty, is_mended = self.unwound(around, dirty)
        if not isinstance(statement, ops.Raise) and not is_mended:
            self.found.obstacle = f"what runs after line {statement.at.row} still works with the session, and changes may be pending there"
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

    def unwound(self, around: list[Unwinding], dirty: bool) -> tuple[bool, bool]:
        """Whether changes are still pending once all that runs on a way out has run, and whether a `rollback()` before it would mend that
        as `close()` did after it."""
        is_mended = True
        for each in reversed(around):
            if self.rolls_back(each):
                dirty, is_mended = False, True
            elif self.interferes(each, dirty):
                is_mended = False
        return dirty, is_mended

    def rolls_back(self, unwinding: Unwinding) -> bool:
        """Whether a `finally` ends with the session rolled back, whatever happened before it."""
        rest = [s for s in unwinding.final or () if id(s) not in self.closing]
        for index, statement in enumerate(rest):
            match statement:
                case ops.Evaluate(value=ops.Call(func=ops.Attribute(value=holder, name="rollback"), args=())):
                    if self.frame.value(holder) == SESSION:
                        return not self.may_write(rest[index + 1 :])
                case _:
                    pass
        return False

    def interferes(self, unwinding: Unwinding, dirty: bool) -> bool:
        """Whether what runs after the `rollback()` of a way out makes new changes, or would miss the old ones."""
        if unwinding.final is None:
            return dirty
        rest = [s for s in unwinding.final if id(s) not in self.closing]
        return self.may_write(rest) or (dirty and bool(self.frame.tied(*rest)))

    def is_context_of_session(self, statement: ops.With) -> bool:
        """`with session.begin_nested():` or `with audited(session):`, but not `with session.no_autoflush:`."""
        return any(self.frame.tied(item.context) and not dotted(item.context).endswith(".no_autoflush") for item in statement.items)

    def swallows(self, statement: ops.With) -> bool:
        """Whether a context of the `with` may end an exception: `suppress(…)`, or one of the program that does."""
        for item in statement.items:
            func = item.context.func if isinstance(item.context, ops.Call) else item.context
            symbol = self.frame.symbol(func)
            if isinstance(symbol, FunctionSymbol) and symbol.id in self.frame.program.scopes:
                if self.frame.program.scopes[symbol.id].errors == "swallowed":
                    return True
            elif isinstance(symbol, FunctionSymbol | ClassSymbol) or dotted(func).rpartition(".")[2] in ("suppress", "ExitStack"):
                return True
        return False

    def may_break(self, body: tuple[Stmt, ...]) -> bool:
        """Whether an exception in the block may leave changes, or a failed flush, behind."""
        return self.may_write(body) or bool(self.frame.tied(*body))

    def loop(self, statement: Loop, dirty: bool) -> bool:
        for _ in range(2):
            self.loops.append(False)
            dirty |= self.block(statement.body, dirty)
            dirty |= self.loops.pop()
        return self.block(statement.orelse, dirty) or dirty

    def attempt(self, statement: ops.Try, dirty: bool, is_last: bool = False) -> bool:
        inside = dirty or self.may_write(statement.body) or self.may_write(statement.orelse)
        self.unwinding.append(Unwinding(statement.finalbody, len(self.loops)))
        after = self.block(statement.orelse, self.block(statement.body, dirty))
        touches = bool(self.frame.tied(*statement.body, *statement.orelse))
        for handler in statement.handlers:
            broken = inside or (touches and may_catch_database_error(handler))
            is_way_out = is_last or leaves(handler.body, loops=False)
            if broken and is_way_out and self.unwound(self.unwinding, True)[0] and self.can_begin_with_rollback(handler):
                self.found.handlers.append(handler)
                broken = False
                if not self.unwound(self.unwinding, True)[1]:
                    self.found.obstacle = f"a `rollback()` in the handler in line {handler.at.row} would change what runs after it"
            after |= self.block(handler.body, broken)
        self.unwinding.pop()
        return self.block(statement.finalbody, after)

    def may_write(self, body: Iterable[Stmt]) -> bool:
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
