"""Simple statements → operations. Every handler consumes the tokens of its node in the order of the text (see `positions`)."""

from __future__ import annotations

import libcst as cst

from sessionlint.capture.definitions import annotation, type_alias
from sessionlint.capture.reduction import Reduction, StatementHandler
from sessionlint.facts import ops

_AUGMENTED: dict[type, str] = {
    cst.AddAssign: "+",
    cst.SubtractAssign: "-",
    cst.MultiplyAssign: "*",
    cst.MatrixMultiplyAssign: "@",
    cst.DivideAssign: "/",
    cst.FloorDivideAssign: "//",
    cst.ModuloAssign: "%",
    cst.PowerAssign: "**",
    cst.LeftShiftAssign: "<<",
    cst.RightShiftAssign: ">>",
    cst.BitAndAssign: "&",
    cst.BitOrAssign: "|",
    cst.BitXorAssign: "^",
}


def _evaluate(r: Reduction, node: cst.Expr) -> ops.Stmt | None:
    start = r.start()
    value = r.expression(node.value)
    if isinstance(value, ops.Constant) or (isinstance(value, ops.Other) and value.kind == "literal"):
        return None
    return ops.Evaluate(r.since(start), value)


def _assign(r: Reduction, node: cst.Assign) -> ops.Stmt:
    start = r.start()
    targets = tuple([r.expression(target.target) for target in node.targets])
    value = r.expression(node.value)
    for target in targets:
        r.bind(target)
    return ops.Assign(r.since(start), targets, value, None)


def _annotated(r: Reduction, node: cst.AnnAssign) -> ops.Stmt:
    start = r.start()
    target = r.expression(node.target)
    r.bind(target)
    declared = annotation(r, node.annotation)
    value = None if node.value is None else r.expression(node.value)
    return ops.Assign(r.since(start), (target,), value, declared)


def _augmented(r: Reduction, node: cst.AugAssign) -> ops.Stmt:
    start = r.start()
    target = r.expression(node.target)
    r.bind(target)
    symbol = _AUGMENTED[type(node.operator)]
    r.take(len(symbol) + 1)
    value = r.expression(node.value)
    return ops.AugAssign(r.since(start), target, symbol, value)


def _delete(r: Reduction, node: cst.Del) -> ops.Stmt:
    start = r.take(3)
    target = r.expression(node.target)
    r.bind(target)
    targets = target.items if isinstance(target, ops.Display) else (target,)
    return ops.Delete(r.since(start), targets)


def _return(r: Reduction, node: cst.Return) -> ops.Stmt:
    start = r.take(6)
    value = None if node.value is None else r.expression(node.value)
    return ops.Return(r.since(start), value)


def _raise(r: Reduction, node: cst.Raise) -> ops.Stmt:
    start = r.take(5)
    error = None if node.exc is None else r.expression(node.exc)
    cause = None
    if node.cause is not None:
        r.take(4)
        cause = r.expression(node.cause.item)
    return ops.Raise(r.since(start), error, cause)


def _assert(r: Reduction, node: cst.Assert) -> ops.Stmt:
    start = r.take(6)
    test = r.expression(node.test)
    message = None if node.msg is None else r.expression(node.msg)
    return ops.Assert(r.since(start), test, message)


def _pass(r: Reduction, node: cst.Pass) -> None:
    r.take(4)


def _break(r: Reduction, node: cst.Break) -> ops.Stmt:
    return ops.Break(r.since(r.take(5)))


def _continue(r: Reduction, node: cst.Continue) -> ops.Stmt:
    return ops.Continue(r.since(r.take(8)))


def _names(r: Reduction, node: cst.Global | cst.Nonlocal) -> ops.Stmt:
    is_nonlocal = isinstance(node, cst.Nonlocal)
    start = r.take(8 if is_nonlocal else 6)
    names = tuple(item.name.value for item in node.names)
    for name in names:
        r.take(len(name))
    r.scope.declared.update(names)
    return ops.Global(r.since(start), names, is_nonlocal)


def _import(r: Reduction, node: cst.Import) -> ops.Stmt:
    start = r.start()
    if type(node) is not cst.Import:
        r.take(4)  # `lazy import` (PEP 810)
    r.take(6)
    names: list[ops.ImportedName] = []
    for alias in node.names:
        name, bound = _alias(r, alias)
        names.append(ops.ImportedName(name, bound or name.partition(".")[0]))
    return _bound(r, ops.Import(r.since(start), None, 0, tuple(names)))


def _import_from(r: Reduction, node: cst.ImportFrom) -> ops.Stmt:
    start = r.start()
    if type(node) is not cst.ImportFrom:
        r.take(4)
    r.take(4)
    for _ in node.relative:
        r.take(1)
    module = "" if node.module is None else _dotted(r, node.module)
    r.take(6)
    if node.lpar is not None:
        r.take(1)
    names: list[ops.ImportedName] = []
    if isinstance(node.names, cst.ImportStar):
        r.take(1)
        names.append(ops.ImportedName("*", "*"))
    else:
        for alias in node.names:
            name, bound = _alias(r, alias)
            names.append(ops.ImportedName(name, bound or name))
    if node.rpar is not None:
        r.take(1)
    return _bound(r, ops.Import(r.since(start), module, len(node.relative), tuple(names)))


def _bound(r: Reduction, found: ops.Import) -> ops.Import:
    for name in found.names:
        if name.bound != "*":
            r.scope.names[name.bound] = None
    return found


def _alias(r: Reduction, node: cst.ImportAlias) -> tuple[str, str]:
    name = _dotted(r, node.name)
    if node.asname is None:
        return name, ""
    r.take(2)
    assert isinstance(node.asname.name, cst.Name)
    bound = node.asname.name.value
    r.take(len(bound))
    return name, bound


def _dotted(r: Reduction, node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Name):
        r.take(len(node.value))
        return node.value
    assert isinstance(node, cst.Attribute)
    prefix = _dotted(r, node.value)
    r.take(1)
    r.take(len(node.attr.value))
    return f"{prefix}.{node.attr.value}"


SMALL: dict[type, StatementHandler] = {
    cst.Expr: _evaluate,
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.Del: _delete,
    cst.Return: _return,
    cst.Raise: _raise,
    cst.Assert: _assert,
    cst.Pass: _pass,
    cst.Break: _break,
    cst.Continue: _continue,
    cst.Global: _names,
    cst.Nonlocal: _names,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.TypeAlias: type_alias,
}
for _class_name, _handler in (("LazyImport", _import), ("LazyImportFrom", _import_from)):
    if (_lazy := getattr(cst, _class_name, None)) is not None:
        SMALL[_lazy] = _handler
