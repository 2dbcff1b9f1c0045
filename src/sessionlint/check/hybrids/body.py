"""Why the body of a hybrid cannot work on the class. Entry point: `obstacle`.

The body is gone through once with `self` as the class, where `self.name` is a column or a relationship. What cannot be told is taken to
work; a handler, and a bare `self` that is handed on, are how a body finds out which of the two it is on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sessionlint.check.hybrids.expressions import Expressions, is_constant
from sessionlint.check.hybrids.things import UNKNOWN, Obstacle, Thing, Undecided
from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.link import Model, Program
from sessionlint.link.symbols import FunctionId

Body = Sequence[ops.Stmt]


def obstacle(program: Program, model: Model, function: FunctionId) -> Obstacle | None:
    """What the body does that cannot work on the class of `model`; None where it works, or nobody can tell."""
    facts = program.function(function)
    if not facts.parameters:
        return None
    self_name = facts.parameters[0].name
    try:
        _Walk(Expressions(program, model, function, {self_name: Thing("class")}), self_name).block(facts.body)
    except Obstacle as found:
        return found
    except Undecided:
        pass
    return None


class _Walk:
    def __init__(self, expressions: Expressions, self_name: str) -> None:
        self._expressions, self._self = expressions, self_name

    def block(self, body: Body) -> bool:
        """Go through `body`; whether it ends with a `return` or a `raise` on every way."""
        return any(self._statement(statement, body[position + 1 :]) for position, statement in enumerate(body))

    def _statement(self, statement: ops.Stmt, rest: Body) -> bool:  # noqa: C901 -- one arm a statement
        match statement:
            case ops.Return(value=value):
                if value is not None:
                    _returned(self._expressions.read(value), value)
                return True
            case ops.Raise():
                return True
            case ops.If():
                return self._if(statement, rest)
            case ops.For() | ops.While():
                self._loop(statement)
            case ops.With():
                for item in statement.items:
                    self._expressions.read(item.context)
                return self.block(statement.body)
            case ops.Try():
                return self._try(statement, rest)
            case ops.Match():
                self._match(statement)
            case ops.Assign() | ops.AugAssign() | ops.Evaluate() | ops.Assert():
                self._plain(statement)
            case _:
                pass
        return False

    def _plain(self, statement: ops.Assign | ops.AugAssign | ops.Evaluate | ops.Assert) -> None:
        match statement:
            case ops.Assign(targets=targets, value=value) if value is not None:
                found = self._expressions.read(value)
                for target in targets:
                    if isinstance(target, ops.Name):
                        self._expressions.variables[target.id] = found
                    elif isinstance(target, ops.Display):
                        self._expressions.iterate(found, value)
            case ops.AugAssign(target=target, value=value):
                self._expressions.read(value)
                if isinstance(target, ops.Name):
                    self._expressions.variables[target.id] = UNKNOWN
            case ops.Evaluate(value=value):
                self._expressions.read(value)
            case _:
                pass

    # -- conditions -----------------------------------------------------------------------------------------------

    def _if(self, statement: ops.If, rest: Body) -> bool:
        truth = self._expressions.test(statement.test)
        if truth is None:
            return self._both(statement)
        taken, left = (statement.body, statement.orelse) if truth else (statement.orelse, statement.body)
        taken, left = (*taken, *rest), (*left, *rest)
        results, others = list(_results(taken)), list(_results(left))
        if results and all(map(is_constant, results)):
            raise Obstacle("gives a constant there, whatever the row holds", statement.test.at)
        if not all(map(is_constant, others)):
            if not any(self._expressions.mentions(other) for other in others):
                raise Undecided
            raise Obstacle("goes one way of a condition there, whatever the row holds", statement.test.at)
        self.block(taken)
        return True

    def _both(self, statement: ops.If) -> bool:
        before = self._expressions.variables
        ends = []
        for branch in (statement.body, statement.orelse):
            self._expressions.variables = dict(before)
            ends.append(self.block(branch))
        self._expressions.variables = {name: UNKNOWN if name != self._self else found for name, found in before.items()}
        return all(ends)

    def _loop(self, statement: ops.For | ops.While) -> None:
        if isinstance(statement, ops.For):
            self._expressions.iterate(self._expressions.read(statement.iter), statement.iter)
        else:
            self._expressions.test(statement.test)
        kept = self._expressions.variables
        self._expressions.variables = {name: found if found.kind == "class" else UNKNOWN for name, found in kept.items()}
        self.block(statement.body)

    def _try(self, statement: ops.Try, rest: Body) -> bool:
        """A handler that gives a constant does not make the body work on the class, one that gives anything else may."""
        try:
            return self.block((*statement.body, *statement.orelse))
        except Obstacle:
            for handler in statement.handlers:
                if not all(map(is_constant, _results((*handler.body, *rest)))):
                    raise Undecided from None
            raise

    def _match(self, statement: ops.Match) -> None:
        subject = self._expressions.read(statement.subject)
        if subject.is_no_value:
            raise Obstacle(f"matches {subject.called}", statement.subject.at)
        raise Undecided


def _returned(found: Thing, value: ops.Expr) -> None:
    if found.kind in {"identity", "lost"}:
        raise Obstacle(found.operator if found.kind == "lost" else f"asks whether {found.called} itself is None", value.at)
    if found.kind == "property":
        raise Obstacle(f"reads the property `{found.name}`", value.at)


def _results(body: Body) -> Iterator[ops.Expr]:
    """What a block may return, up to where it ends for certain; a bare `return` gives nothing."""
    for statement in body:
        for inner in statements([statement]):
            if isinstance(inner, ops.Return) and inner.value is not None:
                yield inner.value
        if isinstance(statement, ops.Return | ops.Raise):
            return
