"""Statements of Python's own tree → operations, the same that `capture/statements.py` and `capture/flow.py` make of libcst's."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import Any

from sessionlint.capture.flow import LONGEST_CHAIN, as_match
from sessionlint.capture.plain.definitions import annotation, class_, function, range_of_compound
from sessionlint.capture.plain.expressions import BINARY, expression
from sessionlint.capture.plain.places import Odd, Plain
from sessionlint.facts import ops
from sessionlint.source import Range

_TO_COLON = re.compile(r"[^:#]*(?:#[^\r\n]*[\r\n][^:#]*)*:")


def block(r: Plain, nodes: Sequence[ast.stmt]) -> tuple[ops.Stmt, ...]:
    """The facts of statements that follow each other. Raises `Odd`."""
    found: list[ops.Stmt] = []
    runs, skipped = r.runs, 0
    for node in nodes:
        if skipped:
            skipped -= 1
            continue
        if runs and (run := runs.get(node.lineno)) is not None:
            r.pos, skipped = r.starts[run.row - 1], run.count - 1
            found += r.statements(run.nodes)
            continue
        handler = _STATEMENTS.get(type(node))
        if handler is None:
            raise Odd
        if (statement := handler(r, node)) is not None:
            found.append(statement)
    return tuple(found)


def _evaluate(r: Plain, node: ast.Expr) -> ops.Stmt | None:
    value = expression(r, node.value)
    if isinstance(value, ops.Constant) or (isinstance(value, ops.Other) and value.kind == "literal"):
        return None
    return ops.Evaluate(r.at(node), value)


def _assign(r: Plain, node: ast.Assign) -> ops.Stmt:
    targets = tuple([expression(r, target) for target in node.targets])
    value = expression(r, node.value)
    for target in targets:
        r.bind(target)
    return ops.Assign(r.at(node), targets, value, None)


def _annotated(r: Plain, node: ast.AnnAssign) -> ops.Stmt:
    if not node.simple and isinstance(node.target, ast.Name):
        raise Odd  # `(x): int`, which libcst does not accept: the file could be checked and not fixed
    target = expression(r, node.target)
    r.bind(target)
    declared = annotation(r, node.annotation)
    value = None if node.value is None else expression(r, node.value)
    return ops.Assign(r.at(node), (target,), value, declared)


def _augmented(r: Plain, node: ast.AugAssign) -> ops.Stmt:
    target = expression(r, node.target)
    r.bind(target)
    return ops.AugAssign(r.at(node), target, BINARY[type(node.op)], expression(r, node.value))


def _delete(r: Plain, node: ast.Delete) -> ops.Stmt:
    targets = tuple([expression(r, target) for target in node.targets])
    for target in targets:
        r.bind(target)
    first = targets[0]
    if len(targets) == 1 and isinstance(first, ops.Display):
        if r.text[r.finish(node) - 1] == ",":
            raise Odd
        targets = first.items
    return ops.Delete(r.at(node), targets)


def _return(r: Plain, node: ast.Return) -> ops.Stmt:
    return ops.Return(r.at(node), None if node.value is None else expression(r, node.value))


def _raise(r: Plain, node: ast.Raise) -> ops.Stmt:
    error = None if node.exc is None else expression(r, node.exc)
    return ops.Raise(r.at(node), error, None if node.cause is None else expression(r, node.cause))


def _assert(r: Plain, node: ast.Assert) -> ops.Stmt:
    test = expression(r, node.test)
    return ops.Assert(r.at(node), test, None if node.msg is None else expression(r, node.msg))


def _pass(r: Plain, node: ast.Pass) -> None:
    return None


def _break(r: Plain, node: ast.Break) -> ops.Stmt:
    return ops.Break(r.at(node))


def _continue(r: Plain, node: ast.Continue) -> ops.Stmt:
    return ops.Continue(r.at(node))


def _names(r: Plain, node: ast.Global | ast.Nonlocal) -> ops.Stmt:
    r.scope.declared.update(node.names)
    return ops.Global(r.at(node), tuple(node.names), isinstance(node, ast.Nonlocal))


def _import(r: Plain, node: ast.Import) -> ops.Stmt:
    if getattr(node, "is_lazy", 0):
        raise Odd
    names = tuple([ops.ImportedName(alias.name, alias.asname or alias.name.partition(".")[0]) for alias in node.names])
    return _bound(r, ops.Import(r.at(node), None, 0, names))


def _import_from(r: Plain, node: ast.ImportFrom) -> ops.Stmt:
    if getattr(node, "is_lazy", 0):
        raise Odd
    names = tuple([ops.ImportedName(alias.name, alias.asname or alias.name) for alias in node.names])
    return _bound(r, ops.Import(r.at(node), node.module or "", node.level, names))


def _bound(r: Plain, found: ops.Import) -> ops.Import:
    for name in found.names:
        if name.bound != "*":
            r.scope.names[name.bound] = None
    return found


def _function(r: Plain, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ops.Stmt:
    return function(r, node, block)


def _class(r: Plain, node: ast.ClassDef) -> ops.Stmt:
    return class_(r, node, block)


def _if(r: Plain, node: ast.If) -> ops.Stmt:
    """A chain of `elif` is walked as a loop (see `capture/flow.py`)."""
    heads: list[tuple[Range, ops.Expr, tuple[ops.Stmt, ...]]] = []
    range_of_compound(r, node)
    link, at = node, r.at(node)
    while True:
        test = expression(r, link.test)
        heads.append((at, test, block(r, link.body)))
        rest = link.orelse
        if len(rest) != 1 or not isinstance(following := rest[0], ast.If) or not r.text.startswith("elif", r.begin(following)):
            break
        link, at = following, r.at(following)
    orelse = block(r, rest)
    if len(heads) > LONGEST_CHAIN:
        return as_match(heads[0][0], [(test, body) for _, test, body in heads], orelse)
    for at, test, body in reversed(heads):
        orelse = (ops.If(at, test, body, orelse),)
    return orelse[0]


def _while(r: Plain, node: ast.While) -> ops.Stmt:
    test = expression(r, node.test)
    body = block(r, node.body)
    return ops.While(range_of_compound(r, node), test, body, block(r, node.orelse))


def _for(r: Plain, node: ast.For | ast.AsyncFor) -> ops.Stmt:
    target = expression(r, node.target)
    r.bind(target)
    iterated = expression(r, node.iter)
    body = block(r, node.body)
    orelse = block(r, node.orelse)
    return ops.For(range_of_compound(r, node), target, iterated, body, orelse, isinstance(node, ast.AsyncFor))


def _try(r: Plain, node: Any) -> ops.Stmt:
    body = block(r, node.body)
    handlers = tuple([_handler(r, handler) for handler in node.handlers])
    orelse = block(r, node.orelse)
    finalbody = block(r, node.finalbody)
    return ops.Try(range_of_compound(r, node), body, handlers, orelse, finalbody, type(node) is not ast.Try)


def _handler(r: Plain, node: ast.ExceptHandler) -> ops.Handler:
    caught = None if node.type is None else expression(r, node.type)
    start = r.begin(node)
    colon = _TO_COLON.match(r.text, start if node.type is None else r.finish(node.type))
    if colon is None:
        raise Odd
    if node.name is not None:
        r.scope.names[node.name] = None
    at = r.between(start, colon.end())
    return ops.Handler(at, caught, node.name or "", block(r, node.body))


def _with(r: Plain, node: ast.With | ast.AsyncWith) -> ops.Stmt:
    items: list[ops.WithItem] = []
    for item in node.items:
        context = expression(r, item.context_expr)
        target = None
        if item.optional_vars is not None:
            target = expression(r, item.optional_vars)
            r.bind(target)
        items.append(ops.WithItem(context, target))
    body = block(r, node.body)
    return ops.With(range_of_compound(r, node), tuple(items), body, isinstance(node, ast.AsyncWith))


_STATEMENTS: dict[type, Callable[[Plain, Any], ops.Stmt | None]] = {
    ast.Expr: _evaluate,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Pass: _pass,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Global: _names,
    ast.Nonlocal: _names,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.If: _if,
    ast.While: _while,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.Try: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
}
if (star := getattr(ast, "TryStar", None)) is not None:
    _STATEMENTS[star] = _try
