"""What the rows of a query or `select()` are, from the entities it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.link.symbols import ClassSymbol
from sessionlint.rewrite.codemods.scope import tables
from sessionlint.rewrite.codemods.scope.values import PLAIN, READ_TEXT, UNKNOWN, Value, container, instance, join
from sessionlint.rewrite.reading.walk import dotted

if TYPE_CHECKING:
    from sessionlint.rewrite.codemods.scope.evaluate import Frame

_COLUMN_METHODS = frozenset({"label", "distinct", "desc", "asc", "count", "over", "cast", "in_", "is_"})


def statement_value(frame: Frame, name: str, node: ops.Call) -> Value:
    """A construct of SQLAlchemy's that belongs to no session."""
    if name == "select":
        return Value("statement", element=rows(frame, node.args))
    if name == "text":
        words = str(node.args[0].value).split() if node.args and isinstance(node.args[0], ops.Constant) else []
        return READ_TEXT if words and words[0].lower() in tables.READING_SQL else PLAIN
    return PLAIN


def rows(frame: Frame, entities: tuple[Expr, ...]) -> Value:
    """What the rows of a query for `entities` are."""
    found = [_entity(frame, entity) for entity in entities]
    if len(found) == 1:
        return found[0]
    row = PLAIN
    for value in found:
        row = join(row, value)
    return container(row)


def _entity(frame: Frame, expression: Expr) -> Value:
    symbol = frame.symbol(expression) if isinstance(expression, ops.Name | ops.Attribute) else None
    if isinstance(symbol, ClassSymbol) and symbol.id in frame.program.models:
        return instance(symbol.id)
    match expression:
        case ops.Attribute(value=value, name=name):
            owner = frame.symbol(value)
            if isinstance(owner, ClassSymbol) and owner.id in frame.program.models:
                kind = {attribute.kind for attribute in frame.attributes(owner.id, name)}
                return PLAIN if kind and kind <= {"column", "deferred", "column_property", "synonym", "hybrid"} else UNKNOWN
            return UNKNOWN
        case ops.Call(func=func):
            chain = dotted(func)
            if chain.startswith(("func.", "sa.func.", "db.func.", "sqlalchemy.func.")):
                return PLAIN
            if isinstance(func, ops.Attribute) and func.name in tables.COUNTS and frame.value(func.value).kind == "query":
                return PLAIN
            if isinstance(func, ops.Attribute) and func.name in _COLUMN_METHODS:
                return _entity(frame, func.value)
            return PLAIN if chain in ("literal", "distinct", "case", "cast", "exists", "text", "literal_column") else UNKNOWN
        case ops.Constant() | ops.Compare() | ops.Other():
            return PLAIN
        case _:
            return UNKNOWN
