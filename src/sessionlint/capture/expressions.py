"""Expressions → operations. Every handler consumes the tokens of its node in the order of the text (see `positions`)."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from sessionlint.capture.literals import LITERALS
from sessionlint.capture.reduction import ExpressionHandler, Reduction
from sessionlint.facts import ops

_SINGLETONS: dict[str, bool | None] = {"True": True, "False": False, "None": None}
_BINARY: dict[type, str] = {
    cst.Add: "+",
    cst.Subtract: "-",
    cst.Multiply: "*",
    cst.Divide: "/",
    cst.FloorDivide: "//",
    cst.Modulo: "%",
    cst.Power: "**",
    cst.LeftShift: "<<",
    cst.RightShift: ">>",
    cst.BitOr: "|",
    cst.BitAnd: "&",
    cst.BitXor: "^",
    cst.MatrixMultiply: "@",
}
_UNARY: dict[type, str] = {cst.Plus: "+", cst.Minus: "-", cst.BitInvert: "~"}
_COMPARISON: dict[type, tuple[str, ...]] = {
    cst.LessThan: ("<",),
    cst.GreaterThan: (">",),
    cst.Equal: ("==",),
    cst.LessThanEqual: ("<=",),
    cst.GreaterThanEqual: (">=",),
    cst.NotEqual: ("!=",),
    cst.In: ("in",),
    cst.NotIn: ("not", "in"),
    cst.Is: ("is",),
    cst.IsNot: ("is", "not"),
}


def _name(r: Reduction, node: cst.Name) -> ops.Expr:
    value = node.value
    start = r.start()
    r.pos = start + len(value)
    if value in _SINGLETONS:
        return ops.Constant(r.since(start), _SINGLETONS[value])
    return ops.Name(r.since(start), value)


def _attribute(r: Reduction, node: cst.Attribute) -> ops.Expr:
    start = r.start()
    value = r.expression(node.value)
    r.take(1)
    attribute = node.attr.value
    name_start = r.take(len(attribute))
    return ops.Attribute(r.since(start), value, attribute, r.since(name_start))


def _items(r: Reduction, elements: Sequence[cst.BaseElement]) -> tuple[ops.Expr, ...]:
    return tuple([r.expression(item if type(item) is cst.StarredElement else item.value) for item in elements])


def _starred(r: Reduction, node: cst.StarredElement) -> ops.Expr:
    start = r.take(1)
    value = r.expression(node.value)
    return ops.Starred(r.since(start), value)


def _tuple(r: Reduction, node: cst.Tuple) -> ops.Expr:
    start = r.start()
    items = _items(r, node.elements)
    if node.elements and type(node.elements[-1].comma) is cst.Comma:
        r.take_mark()
    return ops.Display(r.since(start), "tuple", items)


def _list(r: Reduction, node: cst.List) -> ops.Expr:
    start = r.take(1)
    items = _items(r, node.elements)
    r.take(1)
    return ops.Display(r.since(start), "list", items)


def _set(r: Reduction, node: cst.Set) -> ops.Expr:
    start = r.take(1)
    items = _items(r, node.elements)
    r.take(1)
    return ops.Display(r.since(start), "set", items)


def _dict(r: Reduction, node: cst.Dict) -> ops.Expr:
    start = r.take(1)
    keys: list[ops.Expr | None] = []
    values: list[ops.Expr] = []
    for item in node.elements:
        if type(item) is cst.DictElement:
            keys.append(r.expression(item.key))
        else:
            r.take(2)
            keys.append(None)
        values.append(r.expression(item.value))
    r.take(1)
    return ops.DictDisplay(r.since(start), tuple(keys), tuple(values))


def _call(r: Reduction, node: cst.Call) -> ops.Expr:
    start = r.start()
    func = r.expression(node.func)
    r.take(1)
    args, keywords = arguments(r, node.args)
    r.take(1)
    return ops.Call(r.since(start), func, args, keywords)


def arguments(r: Reduction, nodes: Sequence[cst.Arg]) -> tuple[tuple[ops.Expr, ...], tuple[ops.Keyword, ...]]:
    """The arguments of a call or of a class's header: positional ones, then keywords."""
    args: list[ops.Expr] = []
    keywords: list[ops.Keyword] = []
    for node in nodes:
        if node.keyword is not None:
            r.take(len(node.keyword.value))
            keywords.append(ops.Keyword(node.keyword.value, r.expression(node.value)))
        elif node.star == "**":
            r.take(2)
            keywords.append(ops.Keyword(None, r.expression(node.value)))
        elif node.star:
            start = r.take(1)
            value = r.expression(node.value)
            args.append(ops.Starred(r.since(start), value))
        else:
            args.append(r.expression(node.value))
    return tuple(args), tuple(keywords)


def _subscript(r: Reduction, node: cst.Subscript) -> ops.Expr:
    start = r.start()
    value = r.expression(node.value)
    r.take(1)
    inner = r.trivia()
    items: list[ops.Expr] = []
    for element in node.slice:
        items.append(_index(r, element.slice))
        end = r.pos
        if type(element.comma) is cst.Comma:
            r.take_mark()
    is_single = len(items) == 1 and type(node.slice[0].comma) is not cst.Comma
    index = items[0] if is_single else ops.Display(r.between(inner, end), "tuple", tuple(items))
    r.take(1)
    return ops.Subscript(r.since(start), value, index)


def _index(r: Reduction, node: cst.BaseSlice) -> ops.Expr:
    start = r.trivia()
    if type(node) is cst.Index:
        if not node.star:
            return r.expression(node.value)
        r.take(1)
        value = r.expression(node.value)
        return ops.Starred(r.since(start), value)
    assert isinstance(node, cst.Slice)
    parts = [] if node.lower is None else [r.expression(node.lower)]
    r.take_mark()
    if node.upper is not None:
        parts.append(r.expression(node.upper))
    if isinstance(node.second_colon, cst.Colon):
        r.take_mark()
    if node.step is not None:
        parts.append(r.expression(node.step))
    return ops.Other(r.since(start), "slice", tuple(parts))


def _await(r: Reduction, node: cst.Await) -> ops.Expr:
    start = r.take(5)
    value = r.expression(node.expression)
    return ops.Await(r.since(start), value)


def _yield(r: Reduction, node: cst.Yield) -> ops.Expr:
    start = r.take(5)
    r.scope.is_generator = True
    if node.value is None:
        return ops.Yield(r.since(start), None)
    if isinstance(node.value, cst.From):
        r.take(4)
        value = r.expression(node.value.item)
        return ops.YieldFrom(r.since(start), value)
    value = r.expression(node.value)
    return ops.Yield(r.since(start), value)


def _clauses(r: Reduction, node: cst.CompFor) -> tuple[ops.Clause, ...]:
    """The `for` and `if` parts of a comprehension."""
    found: list[ops.Clause] = []
    inner: cst.CompFor | None = node
    while inner is not None:
        is_async = inner.asynchronous is not None
        if is_async:
            r.take(5)
        r.take(3)
        target = r.expression(inner.target)
        r.take(2)
        iterated = r.expression(inner.iter)
        conditions: list[ops.Expr] = []
        for condition in inner.ifs:
            r.take(2)
            conditions.append(r.expression(condition.test))
        found.append(ops.Clause(target, iterated, tuple(conditions), is_async))
        inner = inner.inner_for_in
    return tuple(found)


def _generator(r: Reduction, node: cst.GeneratorExp) -> ops.Expr:
    start = r.start()
    element = r.expression(node.elt)
    found = _clauses(r, node.for_in)
    return ops.Comprehension(r.since(start), "generator", element, None, found)


def _list_comprehension(r: Reduction, node: cst.ListComp) -> ops.Expr:
    return _bracketed(r, node, "list")


def _set_comprehension(r: Reduction, node: cst.SetComp) -> ops.Expr:
    return _bracketed(r, node, "set")


def _bracketed(r: Reduction, node: cst.ListComp | cst.SetComp, kind: str) -> ops.Expr:
    start = r.take(1)
    element = r.expression(node.elt)
    found = _clauses(r, node.for_in)
    r.take(1)
    return ops.Comprehension(r.since(start), kind, element, None, found)


def _dict_comprehension(r: Reduction, node: cst.DictComp) -> ops.Expr:
    start = r.take(1)
    key = r.expression(node.key)
    value = r.expression(node.value)
    found = _clauses(r, node.for_in)
    r.take(1)
    return ops.Comprehension(r.since(start), "dict", key, value, found)


def _merged_comprehension(r: Reduction, node: cst.CSTNode) -> ops.Expr:
    """`{**mapping for mapping in mappings}` (PEP 798): what it holds is not known, as for any mapping that is spread."""
    start = r.take(1)
    r.take(2)
    value = r.expression(node.value)  # type: ignore[attr-defined]  # a class that older versions of libcst lack
    found = _clauses(r, node.for_in)  # type: ignore[attr-defined]  # as above
    r.take(1)
    return ops.Comprehension(r.since(start), "dict", value, value, found)


def _boolean(r: Reduction, node: cst.BooleanOperation) -> ops.Expr:
    start = r.start()
    rights: list[cst.BaseExpression] = []
    operator, left = type(node.operator), node.left
    rights.append(node.right)
    while isinstance(left, cst.BooleanOperation) and type(left.operator) is operator and not left.lpar:
        rights.append(left.right)
        left = left.left
    symbol = "and" if operator is cst.And else "or"
    values = [r.expression(left)]
    for right in reversed(rights):
        r.take(len(symbol))
        values.append(r.expression(right))
    return ops.BoolOp(r.since(start), symbol, tuple(values))


def _binary(r: Reduction, node: cst.BinaryOperation) -> ops.Expr:
    start = r.start()
    pending: list[tuple[str, cst.BaseExpression]] = []
    left: cst.BaseExpression = node
    while left is node or (isinstance(left, cst.BinaryOperation) and not left.lpar):  # a long sum is deep on its left
        assert isinstance(left, cst.BinaryOperation)
        pending.append((_BINARY[type(left.operator)], left.right))
        left = left.left
    symbol, parts = "", [r.expression(left)]
    for operator, right in reversed(pending):
        if symbol and operator != symbol:
            parts = [ops.Other(r.since(start), symbol, tuple(parts))]
        symbol = operator
        r.take(len(operator))
        parts.append(r.expression(right))
    return ops.Other(r.since(start), symbol, tuple(parts))


def _unary(r: Reduction, node: cst.UnaryOperation) -> ops.Expr:
    if type(node.operator) is cst.Not:
        start = r.take(3)
        value = r.expression(node.expression)
        return ops.Not(r.since(start), value)
    start = r.take(1)
    value = r.expression(node.expression)
    return ops.Other(r.since(start), _UNARY[type(node.operator)], (value,))


def _compare(r: Reduction, node: cst.Comparison) -> ops.Expr:
    start = r.start()
    left = r.expression(node.left)
    operators: list[str] = []
    comparators: list[ops.Expr] = []
    for target in node.comparisons:
        words = _COMPARISON[type(target.operator)]
        for word in words:
            r.take_mark(len(word))
        operators.append(" ".join(words))
        comparators.append(r.expression(target.comparator))
    return ops.Compare(r.since(start), left, tuple(operators), tuple(comparators))


def _conditional(r: Reduction, node: cst.IfExp) -> ops.Expr:
    start = r.start()
    body = r.expression(node.body)
    r.take(2)
    test = r.expression(node.test)
    r.take(4)
    orelse = r.expression(node.orelse)
    return ops.Conditional(r.since(start), test, body, orelse)


def _named(r: Reduction, node: cst.NamedExpr) -> ops.Expr:
    start = r.start()
    target = r.expression(node.target)
    assert isinstance(target, ops.Name)
    r.bind(target)
    value = r.expression(node.value)
    return ops.NamedExpr(r.since(start), target.id, value)


EXPRESSIONS: dict[type, ExpressionHandler] = {
    cst.Name: _name,
    cst.Attribute: _attribute,
    **LITERALS,
    cst.StarredElement: _starred,
    cst.Tuple: _tuple,
    cst.List: _list,
    cst.Set: _set,
    cst.Dict: _dict,
    cst.Call: _call,
    cst.Subscript: _subscript,
    cst.Await: _await,
    cst.Yield: _yield,
    cst.GeneratorExp: _generator,
    cst.ListComp: _list_comprehension,
    cst.SetComp: _set_comprehension,
    cst.DictComp: _dict_comprehension,
    cst.BooleanOperation: _boolean,
    cst.BinaryOperation: _binary,
    cst.UnaryOperation: _unary,
    cst.Comparison: _compare,
    cst.IfExp: _conditional,
    cst.NamedExpr: _named,
}
if (merged := getattr(cst, "StarredDictComp", None)) is not None:
    EXPRESSIONS[merged] = _merged_comprehension
