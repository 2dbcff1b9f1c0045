"""How to get at every statement or expression inside operations, nested blocks included, nested functions and classes excluded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr, Stmt

CHILDREN: dict[type, Callable[[Any], tuple[Any, ...]]] = {
    ops.Attribute: lambda node: (node.value,),
    ops.Other: lambda node: node.parts,
    ops.FormattedString: lambda node: node.parts,
    ops.Display: lambda node: node.items,
    ops.DictDisplay: lambda node: (*node.keys, *node.values),
    ops.Starred: lambda node: (node.value,),
    ops.Keyword: lambda node: (node.value,),
    ops.Call: lambda node: (node.func, *node.args, *node.keywords),
    ops.Subscript: lambda node: (node.value, node.index),
    ops.Await: lambda node: (node.value,),
    ops.Yield: lambda node: (node.value,),
    ops.YieldFrom: lambda node: (node.value,),
    ops.Clause: lambda node: (node.target, node.iter, *node.conditions),
    ops.Comprehension: lambda node: (node.element, node.value, *node.clauses),
    ops.BoolOp: lambda node: node.values,
    ops.Not: lambda node: (node.value,),
    ops.Compare: lambda node: (node.left, *node.comparators),
    ops.Conditional: lambda node: (node.test, node.body, node.orelse),
    ops.NamedExpr: lambda node: (node.value,),
    ops.Evaluate: lambda node: (node.value,),
    ops.Assign: lambda node: (*node.targets, node.value),
    ops.AugAssign: lambda node: (node.target, node.value),
    ops.Delete: lambda node: node.targets,
    ops.Return: lambda node: (node.value,),
    ops.Raise: lambda node: (node.error, node.cause),
    ops.Assert: lambda node: (node.test, node.message),
    ops.If: lambda node: (node.test, *node.body, *node.orelse),
    ops.While: lambda node: (node.test, *node.body, *node.orelse),
    ops.For: lambda node: (node.target, node.iter, *node.body, *node.orelse),
    ops.Handler: lambda node: (node.type, *node.body),
    ops.Try: lambda node: (*node.body, *node.handlers, *node.orelse, *node.finalbody),
    ops.WithItem: lambda node: (node.context, node.target),
    ops.With: lambda node: (*node.items, *node.body),
    ops.Case: lambda node: (*node.classes, *node.values, node.guard, *node.body),
    ops.Match: lambda node: (node.subject, *node.cases),
}

Node = Any
"""An operation or one of its parts (`Keyword`, `Clause`, `Handler`, `WithItem`, `Case`); their only common type is msgspec's."""


def nodes(*roots: Node) -> Iterator[Node]:
    """Every operation and part at or below `roots`, in source order, annotations left out."""
    stack: list[Node] = list(reversed(roots))
    children = CHILDREN.get
    while stack:
        node = stack.pop()
        if node is None:
            continue
        yield node
        below = children(type(node))
        if below is not None:
            stack.extend(reversed(below(node)))


def blocks(statement: Stmt) -> Iterator[tuple[tuple[Stmt, ...], bool]]:
    """The blocks of a compound statement, each with whether it is a fallback (a handler, or the `else` of an `if`)."""
    match statement:
        case ops.If(body=body, orelse=orelse):
            yield body, False
            yield orelse, True
        case ops.While(body=body, orelse=orelse) | ops.For(body=body, orelse=orelse):
            yield body, False
            yield orelse, False
        case ops.With(body=body):
            yield body, False
        case ops.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            yield body, False
            yield from ((handler.body, True) for handler in handlers)
            yield orelse, False
            yield finalbody, False
        case ops.Match(cases=cases):
            yield from ((case.body, False) for case in cases)
        case _:
            return


def statements(body: tuple[Stmt, ...], is_fallback: bool = False) -> Iterator[tuple[Stmt, bool]]:
    """Every statement of `body` and of its nested blocks in source order, each with whether it stands in a fallback."""
    for statement in body:
        yield statement, is_fallback
        for block, fallback in blocks(statement):
            yield from statements(block, is_fallback or fallback)


def targets(target: Expr) -> Iterator[ops.Name | ops.Attribute | ops.Subscript]:
    """The single targets of an assignment target, tuples taken apart."""
    match target:
        case ops.Display(items=items):
            for item in items:
                yield from targets(item)
        case ops.Starred(value=value):
            yield from targets(value)
        case ops.Name() | ops.Attribute() | ops.Subscript():
            yield target
        case _:
            return


def callee(expression: Expr | None) -> Expr | None:
    """The function that a call calls; None for anything but a call."""
    return expression.func if isinstance(expression, ops.Call) else None


def keyword(call: ops.Call, name: str) -> Expr | None:
    """The value of a keyword argument, None where it is not given."""
    return next((argument.value for argument in call.keywords if argument.name == name), None)


def argument(call: ops.Call, index: int, name: str = "") -> Expr | None:
    """A positional argument, or the keyword argument `name` in its place; None where neither is given."""
    if index < len(call.args) and not any(isinstance(arg, ops.Starred) for arg in call.args[: index + 1]):
        return call.args[index]
    return keyword(call, name) if name else None


def entries(expression: Expr | None) -> dict[str, Expr]:
    """What a dict display, or a call of `dict` with keywords, has under constant keys."""
    if isinstance(expression, ops.DictDisplay):
        return {text(key): value for key, value in zip(expression.keys, expression.values, strict=True) if text(key)}
    if isinstance(expression, ops.Call):
        return {item.name: item.value for item in expression.keywords if item.name}
    return {}


def literal(expression: Expr | None) -> object:
    """The value of a constant, None for anything else (and for None)."""
    return expression.value if isinstance(expression, ops.Constant) else None


def text(expression: Expr | None) -> str:
    """The value of a string constant, empty for anything else."""
    return expression.value if isinstance(expression, ops.Constant) and isinstance(expression.value, str) else ""
