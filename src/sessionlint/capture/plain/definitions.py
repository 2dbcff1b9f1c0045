"""Functions, lambdas and classes of Python's own tree → their rows in the tables (see `capture/definitions.py`)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TypeAlias

from sessionlint.capture.definitions import LAMBDA, function_scope, qualified, reserve, unquoted
from sessionlint.capture.plain.expressions import arguments, expression
from sessionlint.capture.plain.places import Odd, Plain
from sessionlint.capture.reduction import Scope
from sessionlint.facts import ClassFacts, FunctionFacts, Parameter, ops
from sessionlint.source import Range

Block: TypeAlias = Callable[[Plain, Sequence[ast.stmt]], tuple[ops.Stmt, ...]]


def lambda_(r: Plain, node: ast.Lambda) -> ops.Expr:
    index = reserve(r)
    parameters = _parameters(r, node.args)
    outer, scope = r.scope, function_scope(r.scope, index, LAMBDA, parameters)
    r.scope = scope
    value = expression(r, node.body)
    at = r.at(node)
    body = ops.Return(r.outer(node.body, r.finish(node)), value)
    r.scope = outer
    is_generator, names = scope.is_generator, scope.bound()
    r.tables.functions[index] = FunctionFacts(
        LAMBDA, scope.qualname, at, at, parameters, None, (), False, is_generator, outer.class_index, outer.function, names, (body,)
    )
    return ops.Lambda(at, index)


def function(r: Plain, node: ast.FunctionDef | ast.AsyncFunctionDef, block: Block) -> ops.Stmt:
    """Fill the row of a function; `block` reduces its body."""
    if getattr(node, "type_params", None):
        raise Odd
    index, outer = reserve(r), r.scope
    decorators = tuple([expression(r, decorator) for decorator in node.decorator_list])
    is_async = isinstance(node, ast.AsyncFunctionDef)
    name = node.name
    at = _name_at(r, node, 8 if is_async else 3)
    parameters = _parameters(r, node.args)
    returns = None if node.returns is None else annotation(r, node.returns)
    r.bind(ops.Name(at, name))
    if outer.class_index >= 0:
        outer.methods[name] = index
    r.scope = scope = function_scope(outer, index, name, parameters)
    body = block(r, node.body)
    r.scope = outer
    whole = range_of_compound(r, node)
    r.tables.functions[index] = FunctionFacts(
        name,
        scope.qualname,
        at,
        _span(r, node, whole),
        parameters,
        returns,
        decorators,
        is_async,
        scope.is_generator,
        outer.class_index,
        outer.function,
        scope.bound(),
        body,
    )
    return ops.FunctionDef(whole, index)


def class_(r: Plain, node: ast.ClassDef, block: Block) -> ops.Stmt:
    """Fill the row of a class; `block` reduces its body."""
    if getattr(node, "type_params", None):
        raise Odd
    outer, index = r.scope, len(r.tables.classes)
    r.tables.classes.append(None)
    decorators = tuple([expression(r, decorator) for decorator in node.decorator_list])
    name = node.name
    at = _name_at(r, node, 5)
    bases, keywords = arguments(r, node.bases, node.keywords)
    r.bind(ops.Name(at, name))
    r.scope = scope = Scope(qualified(outer, name), outer.function, index)
    body = block(r, node.body)
    r.scope = outer
    whole = range_of_compound(r, node)
    r.tables.classes[index] = ClassFacts(
        name,
        scope.qualname,
        at,
        _span(r, node, whole),
        bases,
        tuple([(keyword.name or "**", keyword.value) for keyword in keywords]),
        decorators,
        outer.class_index,
        outer.function,
        scope.methods,
        body,
    )
    return ops.ClassDef(whole, index)


def annotation(r: Plain, node: ast.expr) -> ops.Expr:
    """The facts of an annotation."""
    return unquoted(r, expression(r, node))


def range_of_compound(r: Plain, node: ast.stmt) -> Range:
    """The range of a compound statement, which ends with the last token of its body that is no separator."""
    if r.text[r.finish(node) - 1] == ";":
        raise Odd
    return r.at(node)


def _name_at(r: Plain, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, keywords: int) -> Range:
    r.pos = r.begin(node)
    if keywords == 8:
        r.take(5)
        keywords = 3
    r.take(keywords)
    return r.since(r.take(len(node.name)))


def _span(r: Plain, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, whole: Range) -> Range:
    """The range with the decorators."""
    if not node.decorator_list:
        return whole
    start = r.text.rindex("@", 0, r.begin(node.decorator_list[0]))
    return r.between(start, r.finish(node))


def _parameters(r: Plain, node: ast.arguments) -> tuple[Parameter, ...]:
    plain = [*node.posonlyargs, *node.args]
    missing = len(plain) - len(node.defaults)
    count = len(node.posonlyargs)
    found = [
        _parameter(
            r, item, "positional-only" if index < count else "positional", node.defaults[index - missing] if index >= missing else None
        )
        for index, item in enumerate(plain)
    ]
    if node.vararg is not None:
        found.append(_parameter(r, node.vararg, "*", None))
    found += [_parameter(r, item, "keyword-only", default) for item, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
    if node.kwarg is not None:
        found.append(_parameter(r, node.kwarg, "**", None))
    return tuple(found)


def _parameter(r: Plain, node: ast.arg, kind: str, default: ast.expr | None) -> Parameter:
    declared = None if node.annotation is None else annotation(r, node.annotation)
    return Parameter(node.arg, kind, declared, None if default is None else expression(r, default))
