"""The state of one walk over a module: the cursor, the tables that fill up, and the scope the walk is in.

Handlers (`expressions`, `literals`, `statements`, `flow`, `patterns`, `definitions`) take the `Reduction` and a node, consume the node's
tokens in the order of the text and give its facts. They reach each other through `Reduction.expression` and `Reduction.block`, with
the table of handlers that `visitor` puts together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import libcst as cst

from sessionlint.capture.positions import Cursor
from sessionlint.facts import ClassFacts, FunctionFacts, ops
from sessionlint.source import Range

ExpressionHandler: TypeAlias = "Callable[[Reduction, Any], ops.Expr]"
StatementHandler: TypeAlias = "Callable[[Reduction, Any], ops.Stmt | None]"


class UnknownNode(Exception):
    """A node that this version knows nothing of: grammar of a newer libcst."""


@dataclass(slots=True)
class Scope:
    """What binds names: the module, a function or a class body.

    `function` is the index of the function it is or stands in, -1 for the module; `class_index` is -1 unless it is a class body.
    """

    qualname: str
    function: int
    class_index: int
    names: dict[str, None] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)
    methods: dict[str, int] = field(default_factory=dict)
    is_generator: bool = False

    def bound(self) -> tuple[str, ...]:
        """The names bound here, in the order of the text."""
        return tuple(name for name in self.names if name not in self.declared)


@dataclass(slots=True)
class Tables:
    """What the walk collects besides the tree of operations.

    `lines` are the offsets of logical lines (a simple statement line, or the header of a compound statement), `decorated` maps the
    offset of a first decorator to the end of the header it belongs to; `strings` are the offsets of string literals.
    """

    functions: list[FunctionFacts | None] = field(default_factory=list)
    classes: list[ClassFacts | None] = field(default_factory=list)
    lines: list[tuple[int, int]] = field(default_factory=list)
    decorated: dict[int, int] = field(default_factory=dict)
    strings: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Handlers:
    """Which function reduces which class of node."""

    expressions: Mapping[type, ExpressionHandler]
    small: Mapping[type, StatementHandler]
    compound: Mapping[type, StatementHandler]


class Reduction(Cursor):
    """One walk; see the module."""

    __slots__ = ("_expressions", "handlers", "scope", "tables")

    def __init__(self, text: str, handlers: Handlers, tables: Tables, scope: Scope) -> None:
        super().__init__(text)
        self.handlers, self.tables, self.scope = handlers, tables, scope
        self._expressions = handlers.expressions

    def expression(self, node: cst.BaseExpression) -> ops.Expr:
        """The facts of an expression; its own parentheses are consumed and do not belong to its range."""
        handler = self._expressions.get(type(node))
        if handler is None:
            raise UnknownNode(type(node).__name__)
        if not node.lpar:
            return handler(self, node)
        for _ in node.lpar:
            self.take(1)
        found = handler(self, node)
        for _ in node.rpar:
            self.take(1)
        return found

    def without_parentheses(self, node: cst.BaseExpression) -> ops.Expr:
        """The facts of an expression whose own parentheses are not in the text."""
        handler = self._expressions.get(type(node))
        if handler is None:
            raise UnknownNode(type(node).__name__)
        return handler(self, node)

    def block(self, body: cst.BaseSuite) -> tuple[ops.Stmt, ...]:
        """The facts of a block, on lines of its own or after the colon."""
        if type(body) is cst.IndentedBlock:
            return self.statements(body.body)
        assert isinstance(body, cst.SimpleStatementSuite)
        return self._simple(body.body)

    def statements(self, nodes: Iterable[cst.CSTNode]) -> tuple[ops.Stmt, ...]:
        """The facts of statements that follow each other."""
        found: list[ops.Stmt] = []
        compound = self.handlers.compound
        for node in nodes:
            if type(node) is cst.SimpleStatementLine:
                found += self._simple(node.body)
                continue
            handler = compound.get(type(node))
            if handler is None:
                raise UnknownNode(type(node).__name__)
            if (statement := handler(self, node)) is not None:
                found.append(statement)
        return tuple(found)

    def _simple(self, nodes: Iterable[cst.BaseSmallStatement]) -> tuple[ops.Stmt, ...]:
        start, small, found = self.start(), self.handlers.small, []
        for node in nodes:
            handler = small.get(type(node))
            if handler is None:
                raise UnknownNode(type(node).__name__)
            if (statement := handler(self, node)) is not None:
                found.append(statement)
        self.tables.lines.append((start, self.pos))
        return tuple(found)

    def end_header(self, start: int) -> None:
        """Consume the colon of a compound statement's header that began at `start`."""
        self.take_mark()
        self.tables.lines.append((start, self.pos))

    def bind(self, target: ops.Expr) -> None:
        """Enter the names of an assignment's target."""
        if isinstance(target, ops.Name):
            self.scope.names[target.id] = None
        elif isinstance(target, ops.Display):
            for item in target.items:
                self.bind(item)
        elif isinstance(target, ops.Starred):
            self.bind(target.value)

    def quoted(self, text: str, at: Range) -> Reduction:
        """A walk over code inside a string: the same tables and scope, every place that of the string."""
        return _Quoted(text, self, at)


class _Quoted(Reduction):
    __slots__ = ("_at",)

    def __init__(self, text: str, outer: Reduction, at: Range) -> None:
        # its lines and strings are not the file's
        inner = Tables(outer.tables.functions, outer.tables.classes)
        super().__init__(text, outer.handlers, inner, outer.scope)
        self._at = at

    def since(self, start: int) -> Range:
        return self._at

    def between(self, start: int, end: int) -> Range:
        return self._at
