"""Whether a name is bound wherever a statement is come to, and to something else than None. Entry points: `is_bound`, `has_value`,
`attribute_values`."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.facts import FileFacts, FunctionFacts, ops
from sessionlint.facts.ops import Expr, Stmt
from sessionlint.facts.walk import statements
from sessionlint.link import Program
from sessionlint.rewrite.reading.walk import Suite, bound_names, leaves, walk

Block = tuple[Stmt, ...]

_FIRST = frozenset({"__init__", "__new__", "__post_init__", "__enter__", "__aenter__", "setUp"})
"""Methods that run before others of the object do."""


def is_bound(facts: FunctionFacts, file: FileFacts, suite: Suite, statement: Stmt, name: str) -> bool:
    """Whether reading `name` at `statement`, which stands in `suite`, can be no `UnboundLocalError`."""
    return _Bindings(facts, file, name, none_counts=True).before(suite, statement)


def has_value(facts: FunctionFacts, file: FileFacts, suite: Suite, statement: Stmt, name: str) -> bool:
    """Whether it is bound there, and as far as is written in the function not to None."""
    return _Bindings(facts, file, name, none_counts=False).before(suite, statement)


def attribute_values(program: Program, name: str) -> tuple[bool, bool]:
    """Whether an attribute of that name is set from the beginning, and whether it is ever set to None, whatever object it is of; one that
    the program never sets has a value."""
    is_first, values = [], list[bool]()
    for file, module in program.files.items():
        for function in map(program.function, program.names.mentioning({name}, (file,))):
            optional = {parameter.name for parameter in function.parameters if _is_none(parameter.default)}
            for statement in statements(function.body):
                if isinstance(statement, ops.Assign) and any(isinstance(t, ops.Attribute) and t.name == name for t in statement.targets):
                    is_first.append(function.name in _FIRST or function is module.facts.functions[0])
                    is_optional = isinstance(statement.value, ops.Name) and statement.value.id in optional
                    values.append(not is_optional and not _is_none(statement.value))
        for owner in module.facts.classes:
            for statement in owner.body:
                if isinstance(statement, ops.Assign) and name in bound_names(statement, module.facts) and statement.value is not None:
                    is_first.append(True)
                    values.append(not _is_none(statement.value))
    return not is_first or any(is_first), all(values)


def _is_none(value: Expr | None) -> bool:
    return isinstance(value, ops.Constant) and value.value is None


@dataclass(frozen=True, slots=True)
class _Bindings:
    """Answers are None where a statement does not say."""

    facts: FunctionFacts
    file: FileFacts
    name: str
    none_counts: bool

    def before(self, suite: Suite, statement: Stmt) -> bool:
        """Whether something that always comes before binds it, or it is a parameter that may not be left out, or no name of the function's
        own."""
        position = next(index for index, item in enumerate(suite.statements) if item is statement)
        while True:
            found = self._after(suite.statements[:position])
            if found is not None:
                return found
            if suite.kind == "body" and self._is_header(suite.owner):
                return True
            if suite.parent is None:
                break
            suite, position = suite.parent, suite.index
        given = next((parameter for parameter in self.facts.parameters if parameter.name == self.name), None)
        return self._counts(given.default) if given is not None else self.name not in self.facts.names

    def _is_header(self, owner: Stmt | None) -> bool:
        """Whether a compound statement gives it to its body: `with … as name:`, `if name:`."""
        if isinstance(owner, ops.With | ops.For):
            return self.name in bound_names(owner, self.file)
        return isinstance(owner, ops.If | ops.While) and self._asks(owner.test)

    def _after(self, body: Block) -> bool | None:
        found = (self._binds(statement) for statement in reversed(body))
        return next((answer for answer in found if answer is not None), None)

    def _binds(self, statement: Stmt) -> bool | None:
        match statement:
            case ops.Assign(value=value) if self.name in bound_names(statement, self.file):
                return self._counts(value)
            case ops.Delete() if any(isinstance(node, ops.Name) and node.id == self.name for node in walk(statement)):
                return False
            case ops.If(test=test, body=body, orelse=orelse):
                ends = [self._end(body), self._end(orelse)]
                # `if name is None: name = …` and `if name is None: return` leave none without
                return True if all(ends) or (ends[0] and not orelse and self._asks(test)) else _taken_away(ends)
            case ops.With(body=body):
                return True if self.name in bound_names(statement, self.file) else self._after(body)
            case ops.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                ends = [self._end((*body, *orelse)), *(self._end(handler.body) for handler in handlers)]
                return True if all(ends) or self._after(finalbody) else _taken_away(ends)
            case ops.For(body=body) | ops.While(body=body):
                return False if self._after(body) is False else None
            case _:
                return True if self.name in bound_names(statement, self.file) else None

    def _end(self, block: Block) -> bool | None:
        """Whether it has a value where the block ends; so it has where that is never come to."""
        return True if leaves(block) else self._after(block)

    def _counts(self, value: Expr | None) -> bool:
        return self.none_counts or not _is_none(value)

    def _asks(self, test: Expr) -> bool:
        return any(isinstance(node, ops.Name) and node.id == self.name for node in walk(test))


def _taken_away(ends: list[bool | None]) -> bool | None:
    """One branch that takes the value away does; one that only gives it says nothing."""
    return False if False in ends else None
