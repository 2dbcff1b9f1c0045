"""Jinja's expressions as operations. Entry point: `expression`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes

from sessionlint.capture.templates.draft import Draft
from sessionlint.facts import ops

_ELEMENT = "@element"


def expression(draft: Draft, node: nodes.Node | None) -> ops.Expr:
    """The operation of an expression; what cannot matter keeps only its parts."""
    if node is None:
        return ops.Constant(draft.at(0), None)
    handler = _HANDLERS.get(type(node))
    return handler(draft, node) if handler is not None else _parts(draft, node)


def _parts(draft: Draft, node: nodes.Node) -> ops.Expr:
    parts = tuple(expression(draft, child) for child in node.iter_child_nodes() if isinstance(child, nodes.Expr))
    return ops.Other(draft.at(node.lineno), type(node).__name__, parts)


def _name(draft: Draft, node: nodes.Name) -> ops.Expr:
    return draft.name(node.lineno, node.name)


def _constant(draft: Draft, node: nodes.Const) -> ops.Expr:
    value = node.value
    if value is None or isinstance(value, bool | int | str):
        return ops.Constant(draft.at(node.lineno), value)
    return ops.Other(draft.at(node.lineno), "literal", ())


def _attribute(draft: Draft, node: nodes.Getattr) -> ops.Expr:
    return attribute(draft, expression(draft, node.node), node.attr, node.lineno)


def attribute(draft: Draft, value: ops.Expr, name: str, lineno: int) -> ops.Attribute:
    """`value.name`."""
    return ops.Attribute(draft.at(lineno), value, name, draft.name_at(lineno, name))


def _item(draft: Draft, node: nodes.Getitem) -> ops.Expr:
    """`value["name"]` is the attribute where there is no such item, and an instance has none."""
    value = expression(draft, node.node)
    if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        return attribute(draft, value, node.arg.value, node.lineno)
    if isinstance(node.arg, nodes.Slice):
        return ops.Subscript(draft.at(node.lineno), value, ops.Other(draft.at(node.lineno), "slice", ()))
    return ops.Subscript(draft.at(node.lineno), value, expression(draft, node.arg))


def _call(draft: Draft, node: nodes.Call) -> ops.Expr:
    if isinstance(node.node, nodes.Name) and node.node.name == "super" and draft.block:
        return draft.library(node.lineno, "jinja.super", ops.Constant(draft.at(node.lineno), draft.block))
    args, keywords = arguments(draft, node)
    return ops.Call(draft.at(node.lineno), expression(draft, node.node), args, keywords)


def arguments(draft: Draft, node: Any) -> tuple[tuple[ops.Expr, ...], tuple[ops.Keyword, ...]]:
    """The arguments of a call, filter or test."""
    args = [expression(draft, value) for value in node.args]
    keywords = [ops.Keyword(pair.key, expression(draft, pair.value)) for pair in node.kwargs]
    if node.dyn_args is not None:
        args.append(ops.Starred(draft.at(node.lineno), expression(draft, node.dyn_args)))
    if node.dyn_kwargs is not None:
        keywords.append(ops.Keyword(None, expression(draft, node.dyn_kwargs)))
    return tuple(args), tuple(keywords)


def _filter(draft: Draft, node: nodes.Filter) -> ops.Expr:
    lineno = node.lineno
    args, keywords = arguments(draft, node)
    value = expression(draft, node.node) if node.node is not None else ops.Other(draft.at(lineno), "text", ())
    path = next((pair.value for pair in keywords if pair.name == "attribute"), args[0] if args and node.name in _BY_POSITION else None)
    if isinstance(path, ops.Constant) and isinstance(path.value, str) and node.name in _OF_ELEMENTS:
        return _over_elements(draft, node.name, value, path.value, lineno)
    if node.name in _LIKE:
        return draft.library(lineno, _LIKE[node.name], value)
    if node.name in {"first", "last"}:
        return ops.Subscript(draft.at(lineno), value, ops.Constant(draft.at(lineno), 0 if node.name == "first" else -1))
    if node.name in {"default", "d"} and args:
        return ops.BoolOp(draft.at(lineno), "or", (value, args[0]))
    if node.name == "attr" and isinstance(path, ops.Constant) and isinstance(path.value, str):
        return attribute(draft, value, path.value, lineno)
    if node.name in {"string", "e", "escape", "forceescape", "safe"}:
        return ops.FormattedString(draft.at(lineno), (value,), ("",))
    return ops.Other(draft.at(lineno), "filter", (value, *args, *(pair.value for pair in keywords)))


_LIKE = {
    "length": "builtins.len",
    "count": "builtins.len",
    "list": "builtins.list",
    "sort": "builtins.list",
    "unique": "builtins.list",
    "reverse": "builtins.list",
    "select": "builtins.list",
    "reject": "builtins.list",
    "join": "builtins.list",
    "sum": "builtins.list",
    "max": "builtins.list",
    "min": "builtins.list",
}
"""Filters that go through what they are given as a built-in function does."""

_BY_POSITION = frozenset({"groupby", "selectattr", "rejectattr", "attr"})
_OF_ELEMENTS = frozenset({"map", "selectattr", "rejectattr", "sort", "groupby", "unique", "sum", "join", "max", "min"})
"""Filters that read an attribute of each element."""


def _over_elements(draft: Draft, name: str, value: ops.Expr, path: str, lineno: int) -> ops.Expr:
    """`orders|map(attribute="customer.name")` as a comprehension."""
    read: ops.Expr = ops.Name(draft.at(lineno), _ELEMENT)
    for part in path.split(","):
        read = ops.Name(draft.at(lineno), _ELEMENT)
        for step in part.split("."):
            read = ops.Attribute(draft.at(lineno), read, step.strip(), draft.name_at(lineno, step.strip()))
    element: ops.Expr = read if name in {"map", "sum", "join"} else ops.Name(draft.at(lineno), _ELEMENT)
    conditions = () if element is read else (read,)
    if name == "groupby":
        members = ops.Display(draft.at(lineno), "list", (element,))
        element, conditions = ops.Display(draft.at(lineno), "tuple", (read, members)), ()
    clause = ops.Clause(ops.Name(draft.at(lineno), _ELEMENT), value, conditions, False)
    return ops.Comprehension(draft.at(lineno), "list", element, None, (clause,))


def _test(draft: Draft, node: nodes.Test) -> ops.Expr:
    value = expression(draft, node.node)
    if node.name == "none":
        none = ops.Constant(draft.at(node.lineno), None)
        return ops.Compare(draft.at(node.lineno), value, ("is",), (none,))
    args, keywords = arguments(draft, node)
    return ops.Other(draft.at(node.lineno), "test", (value, *args, *(pair.value for pair in keywords)))


def _compare(draft: Draft, node: nodes.Compare) -> ops.Expr:
    names = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in"}
    left = expression(draft, node.expr)
    others = tuple(expression(draft, operand.expr) for operand in node.ops)
    return ops.Compare(draft.at(node.lineno), left, tuple(names[operand.op] for operand in node.ops), others)


def _both(operator: str) -> Callable[[Draft, Any], ops.Expr]:
    def build(draft: Draft, node: Any) -> ops.Expr:
        return ops.BoolOp(draft.at(node.lineno), operator, (expression(draft, node.left), expression(draft, node.right)))

    return build


def _not(draft: Draft, node: nodes.Not) -> ops.Expr:
    return ops.Not(draft.at(node.lineno), expression(draft, node.node))


def _conditional(draft: Draft, node: nodes.CondExpr) -> ops.Expr:
    test, body, orelse = (expression(draft, part) for part in (node.test, node.expr1, node.expr2))
    return ops.Conditional(draft.at(node.lineno), test, body, orelse)


def _concat(draft: Draft, node: nodes.Concat) -> ops.Expr:
    parts = tuple(expression(draft, part) for part in node.nodes)
    return ops.FormattedString(draft.at(node.lineno), parts, ("",) * len(parts))


def _items(kind: str) -> Callable[[Draft, Any], ops.Expr]:
    def build(draft: Draft, node: Any) -> ops.Expr:
        return ops.Display(draft.at(node.lineno), kind, tuple(expression(draft, item) for item in node.items))

    return build


def _dict(draft: Draft, node: nodes.Dict) -> ops.Expr:
    keys = tuple(expression(draft, pair.key) for pair in node.items)
    return ops.DictDisplay(draft.at(node.lineno), keys, tuple(expression(draft, pair.value) for pair in node.items))


_HANDLERS: dict[type, Callable[[Draft, Any], ops.Expr]] = {
    nodes.Name: _name,
    nodes.Const: _constant,
    nodes.Getattr: _attribute,
    nodes.Getitem: _item,
    nodes.Call: _call,
    nodes.Filter: _filter,
    nodes.Test: _test,
    nodes.Compare: _compare,
    nodes.And: _both("and"),
    nodes.Or: _both("or"),
    nodes.Not: _not,
    nodes.CondExpr: _conditional,
    nodes.Concat: _concat,
    nodes.Tuple: _items("tuple"),
    nodes.List: _items("list"),
    nodes.Dict: _dict,
}
