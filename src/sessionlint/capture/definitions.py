"""Functions, lambdas and classes → their rows in the tables, and the operation that stands where they are defined."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from sessionlint.capture.expressions import arguments
from sessionlint.capture.literals import LONGEST_TEXT
from sessionlint.capture.reduction import Reduction, Scope, StatementHandler, UnknownNode
from sessionlint.facts import ClassFacts, FunctionFacts, Parameter, ops
from sessionlint.source import Range

MODULE = "<module>"
LAMBDA = "<lambda>"


def module(r: Reduction, node: cst.Module) -> None:
    """Fill the tables from a whole module; its own body becomes the first function."""
    r.tables.functions.append(None)
    body = r.statements(node.body)
    start, end = r.between(0, 0), r.between(len(r.text) - 1, len(r.text) - 1)
    span = Range(1, 1, end.end_row, end.end_column)
    scope = r.scope
    r.tables.functions[0] = FunctionFacts(MODULE, MODULE, start, span, (), None, (), False, scope.is_generator, -1, -1, scope.bound(), body)


def lambda_(r: Reduction, node: cst.Lambda) -> ops.Expr:
    start = r.take(6)
    index = reserve(r)
    parameters = _parameters(r, node.params)
    outer, scope = r.scope, function_scope(r.scope, index, LAMBDA, parameters)
    r.scope = scope
    body_start = r.start()
    value = r.expression(node.body)
    body = ops.Return(r.since(body_start), value)
    r.scope = outer
    at = r.since(start)
    r.tables.functions[index] = FunctionFacts(
        LAMBDA,
        scope.qualname,
        at,
        at,
        parameters,
        None,
        (),
        False,
        scope.is_generator,
        outer.class_index,
        outer.function,
        scope.bound(),
        (body,),
    )
    return ops.Lambda(at, index)


def function(r: Reduction, node: cst.FunctionDef) -> ops.Stmt:
    span_start, index, outer = r.start(), reserve(r), r.scope
    decorators = _decorators(r, node.decorators)
    start = r.start()
    if node.asynchronous is not None:
        r.take(5)
    r.take(3)
    name = node.name.value
    at = r.since(r.take(len(name)))
    _type_parameters(r, node.type_parameters)
    r.take(1)
    parameters = _parameters(r, node.params)
    r.take(1)
    returns = None
    if node.returns is not None:
        r.take(2)
        returns = annotation(r, node.returns)
    r.end_header(start)
    if decorators:
        r.tables.decorated[span_start] = r.pos
    r.bind(ops.Name(at, name))
    if outer.class_index >= 0:
        outer.methods[name] = index
    r.scope = scope = function_scope(outer, index, name, parameters)
    body = r.block(node.body)
    r.scope = outer
    r.tables.functions[index] = FunctionFacts(
        name,
        scope.qualname,
        at,
        r.since(span_start),
        parameters,
        returns,
        decorators,
        node.asynchronous is not None,
        scope.is_generator,
        outer.class_index,
        outer.function,
        scope.bound(),
        body,
    )
    return ops.FunctionDef(r.since(start), index)


def class_(r: Reduction, node: cst.ClassDef) -> ops.Stmt:
    span_start, outer = r.start(), r.scope
    index = len(r.tables.classes)
    r.tables.classes.append(None)
    decorators = _decorators(r, node.decorators)
    start = r.take(5)
    name = node.name.value
    at = r.since(r.take(len(name)))
    _type_parameters(r, node.type_parameters)
    bases: tuple[ops.Expr, ...] = ()
    keywords: tuple[ops.Keyword, ...] = ()
    if isinstance(node.lpar, cst.LeftParen):
        r.take(1)
        bases, keywords = arguments(r, (*node.bases, *node.keywords))
        r.take(1)
    r.end_header(start)
    if decorators:
        r.tables.decorated[span_start] = r.pos
    r.bind(ops.Name(at, name))
    r.scope = scope = Scope(qualified(outer, name), outer.function, index)
    body = r.block(node.body)
    r.scope = outer
    r.tables.classes[index] = ClassFacts(
        name,
        scope.qualname,
        at,
        r.since(span_start),
        bases,
        tuple((keyword.name or "**", keyword.value) for keyword in keywords),
        decorators,
        outer.class_index,
        outer.function,
        scope.methods,
        body,
    )
    return ops.ClassDef(r.since(start), index)


def type_alias(r: Reduction, node: cst.TypeAlias) -> ops.Stmt:
    start = r.take(4)
    target = r.expression(node.name)
    r.bind(target)
    _type_parameters(r, node.type_parameters)
    value = r.expression(node.value)
    return ops.Assign(r.since(start), (target,), value, None)


def reserve(r: Reduction) -> int:
    """The index of a definition that begins here; what it contains comes after it."""
    r.tables.functions.append(None)
    return len(r.tables.functions) - 1


def function_scope(outer: Scope, index: int, name: str, parameters: Sequence[Parameter]) -> Scope:
    return Scope(qualified(outer, name), index, -1, dict.fromkeys(parameter.name for parameter in parameters))


def qualified(outer: Scope, name: str) -> str:
    return f"{outer.qualname}.{name}" if outer.qualname else name


def _decorators(r: Reduction, nodes: Sequence[cst.Decorator]) -> tuple[ops.Expr, ...]:
    found: list[ops.Expr] = []
    for node in nodes:
        start = r.take(1)
        found.append(r.expression(node.decorator))
        r.tables.lines.append((start, r.pos))
    return tuple(found)


def _parameters(r: Reduction, node: cst.Parameters) -> tuple[Parameter, ...]:
    found = [_parameter(r, parameter, "positional-only") for parameter in node.posonly_params]
    if isinstance(node.posonly_ind, cst.ParamSlash):
        r.take(1)
    found += [_parameter(r, parameter, "positional") for parameter in node.params]
    if isinstance(node.star_arg, cst.Param):
        r.take(1)
        found.append(_parameter(r, node.star_arg, "*"))
    elif isinstance(node.star_arg, cst.ParamStar):
        r.take(1)
    found += [_parameter(r, parameter, "keyword-only") for parameter in node.kwonly_params]
    if node.star_kwarg is not None:
        r.take(2)
        found.append(_parameter(r, node.star_kwarg, "**"))
    return tuple(found)


def _parameter(r: Reduction, node: cst.Param, kind: str) -> Parameter:
    name = node.name.value
    r.take(len(name))
    declared = None if node.annotation is None else annotation(r, node.annotation)
    default = None if node.default is None else r.expression(node.default)
    return Parameter(name, kind, declared, default)


def _type_parameters(r: Reduction, node: cst.TypeParameters | None) -> None:
    """Step over `[T: bound = default, *Ts, **P]`: nothing in it is ever evaluated where sessions are."""
    if node is None:
        return
    r.take(1)
    for parameter in node.params:
        declared = parameter.param
        if not isinstance(declared, cst.TypeVar):
            r.take(1 if isinstance(declared, cst.TypeVarTuple) else 2)
        r.take(len(declared.name.value))
        if isinstance(declared, cst.TypeVar) and declared.bound is not None:
            r.expression(declared.bound)
        if parameter.default is not None:
            if parameter.star:
                r.take(1)
            r.expression(parameter.default)
    r.take(1)


def annotation(r: Reduction, node: cst.Annotation) -> ops.Expr:
    """The facts of an annotation after its colon or arrow."""
    return unquoted(r, r.expression(node.annotation))


def unquoted(r: Reduction, found: ops.Expr) -> ops.Expr:
    match found:
        case ops.Constant(value=str() as text) if text != "..." and len(text) <= LONGEST_TEXT:
            return _parsed(r, text, found)
        case ops.Subscript(value=value, index=index):
            return ops.Subscript(found.at, value, _unquoted_index(r, value, index))
        case ops.Other(kind="|", parts=parts):
            return ops.Other(found.at, "|", tuple(unquoted(r, part) for part in parts))
        case ops.Display(kind=kind, items=items):
            return ops.Display(found.at, kind, tuple(unquoted(r, item) for item in items))
        case ops.Starred(value=value):
            return ops.Starred(found.at, unquoted(r, value))
        case _:
            return found


def _unquoted_index(r: Reduction, value: ops.Expr, index: ops.Expr) -> ops.Expr:
    """A string is a type in any subscript but `Literal[…]`, and but the later arguments of `Annotated[…]`."""
    generic = value.id if isinstance(value, ops.Name) else value.name if isinstance(value, ops.Attribute) else ""
    if generic == "Literal":
        return index
    if generic == "Annotated" and isinstance(index, ops.Display) and index.items:
        return ops.Display(index.at, index.kind, (unquoted(r, index.items[0]), *index.items[1:]))
    return unquoted(r, index)


def _parsed(r: Reduction, text: str, found: ops.Constant) -> ops.Expr:
    source = text.strip()
    try:
        node = cst.parse_expression(source)
        inner = r.quoted(source, found.at).expression(node)
    except (cst.ParserSyntaxError, UnknownNode):
        return found
    return inner if isinstance(inner, ops.Constant) else unquoted(r, inner)


DEFINITIONS: dict[type, StatementHandler] = {cst.FunctionDef: function, cst.ClassDef: class_}
