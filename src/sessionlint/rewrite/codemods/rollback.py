"""rollback: a handler that keeps the error of a failed flush rolls the session back first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from sessionlint.check.finding import Applicability, Finding
from sessionlint.facts import FunctionFacts, ops
from sessionlint.facts.ops import Expr, Stmt
from sessionlint.knowledge.logs import LOGS
from sessionlint.link import ClassSymbol, External, FunctionId, FunctionSymbol
from sessionlint.rewrite.codemod import Codemod, FileEdit, Proposal, Refusal, Spot
from sessionlint.rewrite.reading.bound import attribute_values, has_value, is_bound
from sessionlint.rewrite.reading.callers import Callers
from sessionlint.rewrite.reading.failing_session import FailingSession, failing_session
from sessionlint.rewrite.reading.handlers import beginning
from sessionlint.rewrite.reading.walk import Suite, dotted, suites, walk

_FLUSHED = frozenset({"add", "add_all", "delete", "flush", "commit", "expunge"})
"""Methods of a session that fail only by a flush, as far as the database is concerned."""


_SESSION_METHODS = _FLUSHED | {"close", "execute", "get", "merge", "query", "refresh", "rollback", "scalar", "scalars"}


class Rollback(Codemod):
    """Insert `session.rollback()` as the first statement of the handler.

    Where the handler may also take errors that leave the session alone (of a query, of other code), its work so far must not be lost: it is
    `if not session.is_active: session.rollback()`: a session is not active exactly while it waits for a rollback after a failed flush.
    """

    name = "rollback"
    fixes = ("SES105",)

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """The handler with the rollback."""
        finding = spot.about
        assert isinstance(finding, Finding)
        assert finding.function is not None
        facts = self.program.function(finding.function)
        place = _handler(facts, finding)
        failed = next((related.at for related in finding.related if related.role == "flush"), None)
        if place is None or failed is None:
            return Refusal("no-handler", "the handler is not found")
        suite, attempt, handler = place
        session = failing_session(self.program, finding.function, attempt, failed)
        if isinstance(session, Refusal):
            return session
        objection = self._unfit(finding.function, suite, attempt, handler, session)
        if objection is not None:
            return objection
        start = beginning(self.context.lines[spot.file], handler.at)
        if start is None:
            return Refusal("unclear-text", "the handler is written in a way that cannot be taken apart")
        call = f"{'await ' if session.is_awaited else ''}{session.text}.rollback()"
        optional = self._optional(finding.function, suite, attempt, session)
        is_told_apart = not optional or self._is_of_sqlalchemy(finding.function, handler.type)
        if is_told_apart and self._fails_by_flush(finding.function, attempt, handler, session):
            edits, shown = start.with_first(call), f"`{call}`"
        else:
            guard = f"if {''.join(f'{part} is not None and ' for part in optional)}not {session.text}.is_active:"
            edits, shown = start.with_block(guard, call), f"`{call}` if the session waits for it"
        return Proposal({spot.file: FileEdit(edits)}, f"Insert {shown}", Applicability.UNSAFE)

    def _unfit(self, function: FunctionId, suite: Suite, attempt: ops.Try, handler: ops.Handler, session: FailingSession) -> Refusal | None:
        """Why a rollback cannot stand in a `handler` of `attempt`, which stands in `suite`."""
        if self._is_begun(function, suite):
            return Refusal("in-transaction", "it stands in a `with` that begins the transaction, which a rollback would end")
        facts = self.program.function(function)
        if attempt.is_star:
            return Refusal("except-star", "an `except*` may take several errors")
        is_of_session = self._is_of_sqlalchemy(function, handler.type) and self._fails_by_flush(function, attempt, handler, session)
        if not is_of_session and not self._is_bound(function, suite, attempt, session):
            return Refusal("not-bound", f"`{session.text}` may not be bound yet when the handler runs")
        if any(isinstance(node, ops.Call) and dotted(node.func) == f"{session.text}.begin_nested" for node in walk(*facts.body)):
            return Refusal("savepoint", "a savepoint may be open, and more than that would be rolled back")
        for caller, call in self._calls_above(function):
            where = f"in {caller.file}:{call.at.row}"
            if any(isinstance(node, ops.Attribute) and node.name == "begin_nested" for node in walk(*self.program.function(caller).body)):
                return Refusal("savepoint", f"it is called {where}, where a savepoint may be open, and more than that would be rolled back")
            if any(self._is_begun(caller, suite) for suite, _ in self._callers.around(caller, call)):
                return Refusal(
                    "in-transaction", f"it is called {where}, in a `with` that begins the transaction, which a rollback would end"
                )
        return None

    def _is_begun(self, function: FunctionId, suite: Suite) -> bool:
        """Whether a block stands in a `with` that begins a transaction."""
        around: Suite | None = suite
        while around is not None:
            if isinstance(around.owner, ops.With) and any(self._begins(function, item.context) for item in around.owner.items):
                return True
            around = around.parent
        return False

    def _calls_above(self, function: FunctionId) -> Iterator[tuple[FunctionId, ops.Call]]:
        """The calls that lead to a function, directly or through others; one that a nested function makes is one of the function around it
        too."""
        seen, pending = {function}, [function]
        while pending:
            for site in self._callers.of(pending.pop()):
                if not site.is_certain and isinstance(site.call.func, ops.Attribute) and site.call.func.name in _SESSION_METHODS:
                    continue  # `session.add(…)` is no call of every method `add`
                yield site.function, site.call
                caller = site.function
                while caller.index > 0 and caller not in seen:
                    seen.add(caller)
                    pending.append(caller)
                    caller = self.program.names.parent(caller) or FunctionId(caller.file, 0)

    @cached_property
    def _callers(self) -> Callers:
        return Callers(self.program)

    def _is_bound(self, function: FunctionId, suite: Suite, attempt: ops.Try, session: FailingSession) -> bool:
        """Whether the session can be read in a handler, however early its `try` fails."""
        root, dot, attributes = session.text.partition(".")
        facts, file = self.program.function(function), self.program.files[function.file].facts
        is_set = not dot or attribute_values(self.program, attributes.rpartition(".")[2])[0]
        return is_set and is_bound(facts, file, suite, attempt, root)

    def _optional(self, function: FunctionId, suite: Suite, attempt: ops.Try, session: FailingSession) -> list[str]:
        """The name or attribute that may be None there, if one may."""
        root, dot, attributes = session.text.partition(".")
        facts, file = self.program.function(function), self.program.files[function.file].facts
        found = [] if has_value(facts, file, suite, attempt, root) else [root]
        return found if not dot or attribute_values(self.program, attributes.rpartition(".")[2])[1] else [*found, session.text]

    def _begins(self, function: FunctionId, context: Expr) -> bool:
        """`session.begin()`, `session.begin_nested()`, and the program's own scopes that do no more than that."""
        if not isinstance(context, ops.Call):
            return False
        if isinstance(context.func, ops.Attribute) and context.func.name in {"begin", "begin_nested"}:
            return True
        found = self.program.resolve(function, context.func)
        if not isinstance(found, FunctionSymbol):
            return False
        body = walk(*self.program.function(found.id).body)
        return any(isinstance(node, ops.Call) and dotted(node.func).rpartition(".")[2] in {"begin", "begin_nested"} for node in body)

    def _fails_by_flush(self, function: FunctionId, attempt: ops.Try, handler: ops.Handler, session: FailingSession) -> bool:
        """Whether all that the handler can take is the error of a flush."""
        body = attempt.body
        if len(body) == 1 and isinstance(body[0], ops.Evaluate) and _is_call(body[0].value, session.text, {"flush", "commit"}):
            return True
        return self._is_of_sqlalchemy(function, handler.type) and all(self._only_flushes(function, item, session.text) for item in body)

    def _is_of_sqlalchemy(self, function: FunctionId, type: Expr | None) -> bool:
        if isinstance(type, ops.Display):
            return all(self._is_of_sqlalchemy(function, item) for item in type.items)
        found = self.program.resolve(function, type) if type is not None else None
        return isinstance(found, External) and found.name.startswith("sqlalchemy.")

    def _only_flushes(self, function: FunctionId, statement: Stmt, session: str) -> bool:
        if not isinstance(statement, ops.Evaluate | ops.Assign | ops.AugAssign | ops.Return):
            return False
        for node in walk(statement):
            if isinstance(node, ops.Call) and not _is_call(node, session, _FLUSHED) and not self._is_harmless(function, node):
                return False
        return True

    def _is_harmless(self, function: FunctionId, call: ops.Call) -> bool:
        """An instance that is made, or a log line."""
        found = self.program.resolve(function, call.func)
        if isinstance(found, ClassSymbol):
            return found.id in self.program.models
        return isinstance(found, External) and found.name in LOGS


def _is_call(value: Expr, session: str, names: frozenset[str] | set[str]) -> bool:
    value = value.value if isinstance(value, ops.Await) else value
    if not isinstance(value, ops.Call) or not isinstance(value.func, ops.Attribute):
        return False
    return value.func.name in names and dotted(value.func.value) == session


def _handler(facts: FunctionFacts, finding: Finding) -> tuple[Suite, ops.Try, ops.Handler] | None:
    """The handler that a finding is about, with its `try` and the block in which that stands."""
    for suite in suites(facts.body):
        for statement in suite.statements:
            if isinstance(statement, ops.Try):
                for handler in statement.handlers:
                    if handler.at == finding.at.range:
                        return suite, statement, handler
    return None
