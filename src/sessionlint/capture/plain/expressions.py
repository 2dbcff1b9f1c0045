"""Expressions of Python's own tree → operations, the same that `capture/expressions.py` makes of libcst's.

Lambdas and interpolated strings have files of their own; the door puts the table together.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from sessionlint.capture.literals import LARGEST, kept
from sessionlint.capture.plain.places import Odd, Plain
from sessionlint.facts import ops
from sessionlint.source import Range

BINARY: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.BitXor: "^",
    ast.MatMult: "@",
}
_UNARY: dict[type, str] = {ast.UAdd: "+", ast.USub: "-", ast.Invert: "~"}
_COMPARISON: dict[type, str] = {
    ast.Lt: "<",
    ast.Gt: ">",
    ast.Eq: "==",
    ast.LtE: "<=",
    ast.GtE: ">=",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
}


def expression(r: Plain, node: ast.expr) -> ops.Expr:
    """The facts of an expression. Raises `Odd`."""
    handler = EXPRESSIONS.get(type(node))
    if handler is None:
        raise Odd
    return handler(r, node)


def _name(r: Plain, node: ast.Name) -> ops.Expr:
    return ops.Name(r.at(node), node.id)


def _attribute(r: Plain, node: ast.Attribute) -> ops.Expr:
    value, name = expression(r, node.value), node.attr
    at = r.at(node)
    end = at.end_column
    return ops.Attribute(at, value, name, Range(at.end_row, end - len(name), at.end_row, end))


def _constant(r: Plain, node: ast.Constant) -> ops.Expr:
    value = node.value
    if isinstance(value, str):
        return ops.Constant(r.at(node), kept(value))
    if value is None or isinstance(value, bool) or (isinstance(value, int) and value < LARGEST):
        return ops.Constant(r.at(node), value)
    return ops.Other(r.at(node), "literal", ())


def _items(r: Plain, nodes: Sequence[ast.expr]) -> tuple[ops.Expr, ...]:
    return tuple([expression(r, node) for node in nodes])


def _starred(r: Plain, node: ast.Starred) -> ops.Expr:
    return ops.Starred(r.at(node), expression(r, node.value))


def _tuple(r: Plain, node: ast.Tuple) -> ops.Expr:
    items = _items(r, node.elts)
    at = r.inside(node, node.elts[-1] if node.elts else None) if r.has_parentheses(node) else r.at(node)
    return ops.Display(at, "tuple", items)


def _list(r: Plain, node: ast.List) -> ops.Expr:
    return ops.Display(r.at(node), "list", _items(r, node.elts))


def _set(r: Plain, node: ast.Set) -> ops.Expr:
    return ops.Display(r.at(node), "set", _items(r, node.elts))


def _dict(r: Plain, node: ast.Dict) -> ops.Expr:
    keys: list[ops.Expr | None] = []
    values: list[ops.Expr] = []
    for key, value in zip(node.keys, node.values, strict=True):
        keys.append(None if key is None else expression(r, key))
        values.append(expression(r, value))
    return ops.DictDisplay(r.at(node), tuple(keys), tuple(values))


def _call(r: Plain, node: ast.Call) -> ops.Expr:
    func = expression(r, node.func)
    args, keywords = arguments(r, node.args, node.keywords)
    return ops.Call(r.at(node), func, args, keywords)


def arguments(
    r: Plain, nodes: Sequence[ast.expr], keyword_nodes: Sequence[ast.keyword]
) -> tuple[tuple[ops.Expr, ...], tuple[ops.Keyword, ...]]:
    """The arguments of a call or of a class's header: positional ones, then keywords, but read in the order of the text."""
    if not keyword_nodes:
        return _items(r, nodes), ()
    first = keyword_nodes[0]
    if nodes and (nodes[-1].lineno, nodes[-1].col_offset) > (first.lineno, first.col_offset):
        raise Odd  # `f(a=1, *b)`
    args = _items(r, nodes)
    return args, tuple([ops.Keyword(keyword.arg, expression(r, keyword.value)) for keyword in keyword_nodes])


def _subscript(r: Plain, node: ast.Subscript) -> ops.Expr:
    value = expression(r, node.value)
    index = node.slice
    if isinstance(index, ast.Tuple) and index.elts and not r.has_parentheses(index):
        return ops.Subscript(r.at(node), value, _indices(r, index))
    return ops.Subscript(r.at(node), value, expression(r, index))


def _indices(r: Plain, node: ast.Tuple) -> ops.Expr:
    """Several indices; the comma behind the last one does not belong to them."""
    items, finish = _items(r, node.elts), r.finish(node)
    has_comma = r.text[finish - 1] == ","
    if len(items) == 1 and not has_comma:
        return items[0]  # `values[*index]`
    end = r.outer_finish(node.elts[-1], finish) if has_comma else finish
    return ops.Display(r.between(r.begin(node), end), "tuple", items)


def _slice(r: Plain, node: ast.Slice) -> ops.Expr:
    parts = [expression(r, part) for part in (node.lower, node.upper, node.step) if part is not None]
    return ops.Other(r.at(node), "slice", tuple(parts))


def _await(r: Plain, node: ast.Await) -> ops.Expr:
    return ops.Await(r.at(node), expression(r, node.value))


def _yield(r: Plain, node: ast.Yield) -> ops.Expr:
    r.scope.is_generator = True
    return ops.Yield(r.at(node), None if node.value is None else expression(r, node.value))


def _yield_from(r: Plain, node: ast.YieldFrom) -> ops.Expr:
    r.scope.is_generator = True
    return ops.YieldFrom(r.at(node), expression(r, node.value))


def _clauses(r: Plain, nodes: Sequence[ast.comprehension]) -> tuple[ops.Clause, ...]:
    return tuple(
        [ops.Clause(expression(r, node.target), expression(r, node.iter), _items(r, node.ifs), bool(node.is_async)) for node in nodes]
    )


def _generator(r: Plain, node: ast.GeneratorExp) -> ops.Expr:
    element = expression(r, node.elt)
    clauses, last = _clauses(r, node.generators), node.generators[-1]
    return ops.Comprehension(r.inside(node, last.ifs[-1] if last.ifs else last.iter), "generator", element, None, clauses)


def _bracketed(r: Plain, node: ast.ListComp | ast.SetComp) -> ops.Expr:
    element = expression(r, node.elt)
    kind = "list" if isinstance(node, ast.ListComp) else "set"
    return ops.Comprehension(r.at(node), kind, element, None, _clauses(r, node.generators))


def _dict_comprehension(r: Plain, node: ast.DictComp) -> ops.Expr:
    if node.value is None:
        raise Odd  # a newer Python's `{**mapping for mapping in mappings}`
    key, value = expression(r, node.key), expression(r, node.value)
    return ops.Comprehension(r.at(node), "dict", key, value, _clauses(r, node.generators))


def _boolean(r: Plain, node: ast.BoolOp) -> ops.Expr:
    return ops.BoolOp(r.at(node), "and" if isinstance(node.op, ast.And) else "or", _items(r, node.values))


def _binary(r: Plain, node: ast.BinOp) -> ops.Expr:
    pending, left, row, column = [node], node.left, node.lineno, node.col_offset
    while isinstance(left, ast.BinOp) and left.col_offset == column and left.lineno == row:  # else it has parentheses
        pending.append(left)
        left = left.left
    symbol, parts, whole = "", [expression(r, left)], node
    for inner in reversed(pending):
        operator = BINARY[type(inner.op)]
        if symbol and operator != symbol:
            parts = [ops.Other(r.at(whole), symbol, tuple(parts))]
        symbol, whole = operator, inner
        parts.append(expression(r, inner.right))
    return ops.Other(r.at(node), symbol, tuple(parts))


def _unary(r: Plain, node: ast.UnaryOp) -> ops.Expr:
    value = expression(r, node.operand)
    if isinstance(node.op, ast.Not):
        return ops.Not(r.at(node), value)
    return ops.Other(r.at(node), _UNARY[type(node.op)], (value,))


def _compare(r: Plain, node: ast.Compare) -> ops.Expr:
    left = expression(r, node.left)
    operators = tuple([_COMPARISON[type(operator)] for operator in node.ops])
    return ops.Compare(r.at(node), left, operators, _items(r, node.comparators))


def _conditional(r: Plain, node: ast.IfExp) -> ops.Expr:
    body, test = expression(r, node.body), expression(r, node.test)
    return ops.Conditional(r.at(node), test, body, expression(r, node.orelse))


def _named(r: Plain, node: ast.NamedExpr) -> ops.Expr:
    target = node.target.id
    r.scope.names[target] = None
    return ops.NamedExpr(r.at(node), target, expression(r, node.value))


EXPRESSIONS: dict[type, Callable[[Plain, Any], ops.Expr]] = {
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Constant: _constant,
    ast.Starred: _starred,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.Call: _call,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.GeneratorExp: _generator,
    ast.ListComp: _bracketed,
    ast.SetComp: _bracketed,
    ast.DictComp: _dict_comprehension,
    ast.BoolOp: _boolean,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.NamedExpr: _named,
}
