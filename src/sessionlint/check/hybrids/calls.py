"""What a call in the body of a hybrid is when `self` is the class. Entry point: `call`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessionlint.check.hybrids.things import PLAIN, SQL, UNKNOWN, Obstacle, Thing, Undecided
from sessionlint.facts import ops
from sessionlint.knowledge.sqlalchemy.hybrids import CONVERTING, ITERATING, OBJECT_SESSION, SHOWING, SQL_CONSTRUCTS, VALUE_LIBRARIES
from sessionlint.link import External

if TYPE_CHECKING:
    from sessionlint.check.hybrids.expressions import Expressions

_LATER = {"map": slice(1, None), "filter": slice(1, None), "zip": slice(None)}
"""Which arguments a built-in goes through, where it is not the first."""


def call(on: Expressions, expr: ops.Call) -> Thing:
    """The result of a call."""
    symbol = on.symbol(expr.func)
    name = symbol.name if isinstance(symbol, External) else ""
    if name in OBJECT_SESSION:
        raise Obstacle("asks for the session of an instance", expr.at)
    func = on.read(expr.func) if symbol is None else UNKNOWN
    given = on.read_all((*expr.args, *(item.value for item in expr.keywords)))
    mapped = next((each for each in given if each.is_no_value), None)
    if name.startswith("builtins."):
        return _built_in(on, expr, name.removeprefix("builtins."), mapped)
    if name.startswith("sqlalchemy."):
        inner = name.removeprefix("sqlalchemy.")
        return SQL if inner.startswith("func.") or inner in SQL_CONSTRUCTS else UNKNOWN
    if name.startswith(VALUE_LIBRARIES) and mapped is not None:
        raise Obstacle(f"hands {mapped.called} to `{name}`", expr.at)
    return _of(on, expr, func, mapped)


def _of(on: Expressions, expr: ops.Call, func: Thing, mapped: Thing | None) -> Thing:
    match func.kind:
        case "sql-method":
            return SQL
        case "property":
            raise Obstacle(f"calls the property `{func.name}`", expr.at)
        case "method" if not expr.args and not expr.keywords:
            raise Obstacle(f"calls the method `{func.name}` without an instance", expr.at)
        case "dict-method" if func.name == "get" and mapped is not None:
            return Thing("lost", mapped.name, f"looks {mapped.called} up in a dict")
        case "text-method" if func.name == "format" and mapped is not None:
            return Thing("lost", mapped.name, f"puts {mapped.called} into a string")
        case "text-method" if func.name == "join":
            return _joined(on, expr)
        case _:
            return UNKNOWN


def _joined(on: Expressions, expr: ops.Call) -> Thing:
    for each in expr.args:
        on.iterate(on.read(each), each)
        for item in on.read_all(each.items) if isinstance(each, ops.Display) else ():
            if item.is_no_value:
                raise Obstacle(f"joins {item.called} as text", expr.at)
    return PLAIN


def _built_in(on: Expressions, expr: ops.Call, name: str, mapped: Thing | None) -> Thing:
    if name == "super":
        raise Undecided
    if mapped is None:
        return UNKNOWN
    if name in {"min", "max"} and len(expr.args) > 1:
        raise Obstacle(f"compares {mapped.called} in Python", expr.at)
    if name in CONVERTING:
        raise Obstacle(f"takes `{name}` of {mapped.called}", expr.at)
    if name in SHOWING:
        return Thing("lost", mapped.name, f"takes `{name}` of {mapped.called}")
    if name in ITERATING:
        for each in expr.args[_LATER.get(name, slice(1))]:
            on.iterate(on.read(each), each)
    return UNKNOWN
