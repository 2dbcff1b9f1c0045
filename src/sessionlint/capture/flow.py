"""Compound statements → operations. Every handler consumes the tokens of its node in the order of the text (see `positions`)."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from sessionlint.capture.definitions import DEFINITIONS
from sessionlint.capture.patterns import PatternParts, pattern
from sessionlint.capture.reduction import Reduction, StatementHandler
from sessionlint.facts import ops
from sessionlint.source import Range

LONGEST_CHAIN = 50


def _if(r: Reduction, node: cst.If) -> ops.Stmt:
    """A chain of `elif` is walked as a loop, and nested from its end: it may be longer than Python lets functions nest."""
    heads: list[tuple[int, ops.Expr, tuple[ops.Stmt, ...]]] = []
    orelse: tuple[ops.Stmt, ...] = ()
    link: cst.If | cst.Else | None = node
    while isinstance(link, cst.If):
        start = r.take(2 if link is node else 4)
        test = r.expression(link.test)
        r.end_header(start)
        heads.append((start, test, r.block(link.body)))
        link = link.orelse
    if link is not None:
        orelse = _else(r, link)
    if len(heads) > LONGEST_CHAIN:
        return as_match(r.since(heads[0][0]), [(test, body) for _, test, body in heads], orelse)
    for start, test, body in reversed(heads):
        orelse = (ops.If(r.since(start), test, body, orelse),)
    return orelse[0]


def as_match(at: Range, heads: Sequence[tuple[ops.Expr, tuple[ops.Stmt, ...]]], orelse: tuple[ops.Stmt, ...]) -> ops.Stmt:
    """The chain as what it is equal to, `match True: case _ if test: …`, which does not nest: later rooms recurse over facts."""
    cases = [ops.Case(test.at, (), (), (), True, test, body) for test, body in heads]
    cases.append(ops.Case(at, (), (), (), True, None, orelse))
    return ops.Match(at, ops.Constant(heads[0][0].at, True), tuple(cases))


def _else(r: Reduction, node: cst.Else | None) -> tuple[ops.Stmt, ...]:
    if node is None:
        return ()
    r.end_header(r.take(4))
    return r.block(node.body)


def _while(r: Reduction, node: cst.While) -> ops.Stmt:
    start = r.take(5)
    test = r.expression(node.test)
    r.end_header(start)
    body = r.block(node.body)
    orelse = _else(r, node.orelse)
    return ops.While(r.since(start), test, body, orelse)


def _for(r: Reduction, node: cst.For) -> ops.Stmt:
    start = r.start()
    is_async = _async(r, node.asynchronous)
    r.take(3)
    target = r.expression(node.target)
    r.bind(target)
    r.take(2)
    iterated = r.expression(node.iter)
    r.end_header(start)
    body = r.block(node.body)
    orelse = _else(r, node.orelse)
    return ops.For(r.since(start), target, iterated, body, orelse, is_async)


def _async(r: Reduction, node: cst.Asynchronous | None) -> bool:
    if node is None:
        return False
    r.take(5)
    return True


def _try(r: Reduction, node: cst.Try | cst.TryStar) -> ops.Stmt:
    start = r.take(3)
    r.end_header(start)
    body = r.block(node.body)
    handlers = _handlers(r, node.handlers)
    orelse = _else(r, node.orelse)
    finalbody: tuple[ops.Stmt, ...] = ()
    if node.finalbody is not None:
        r.end_header(r.take(7))
        finalbody = r.block(node.finalbody.body)
    return ops.Try(r.since(start), body, handlers, orelse, finalbody, isinstance(node, cst.TryStar))


def _handlers(r: Reduction, nodes: Sequence[cst.ExceptHandler | cst.ExceptStarHandler]) -> tuple[ops.Handler, ...]:
    found: list[ops.Handler] = []
    for node in nodes:
        start = r.take(6)
        if isinstance(node, cst.ExceptStarHandler):
            r.take(1)
        caught = None if node.type is None else r.expression(node.type)
        name = ""
        if node.name is not None:
            r.take(2)
            target = r.expression(node.name.name)
            r.bind(target)
            name = target.id if isinstance(target, ops.Name) else ""
        r.end_header(start)
        at = r.since(start)
        found.append(ops.Handler(at, caught, name, r.block(node.body)))
    return tuple(found)


def _with(r: Reduction, node: cst.With) -> ops.Stmt:
    start = r.start()
    is_async = _async(r, node.asynchronous)
    r.take(4)
    has_parentheses = isinstance(node.lpar, cst.LeftParen)
    if has_parentheses:
        r.take(1)
    items: list[ops.WithItem] = []
    for item in node.items:
        context = r.expression(item.item)
        target = None
        if item.asname is not None:
            r.take(2)
            target = r.expression(item.asname.name)
            r.bind(target)
        items.append(ops.WithItem(context, target))
    if has_parentheses:
        r.take(1)
    r.end_header(start)
    body = r.block(node.body)
    return ops.With(r.since(start), tuple(items), body, is_async)


def _match(r: Reduction, node: cst.Match) -> ops.Stmt:
    start = r.take(5)
    subject = r.expression(node.subject)
    r.end_header(start)
    cases: list[ops.Case] = []
    for case in node.cases:
        case_start = r.take(4)
        parts = PatternParts()
        is_irrefutable = pattern(r, case.pattern, parts)
        guard = None
        if case.guard is not None:
            r.take(2)
            guard = r.expression(case.guard)
        r.end_header(case_start)
        at = r.since(case_start)
        body = r.block(case.body)
        cases.append(ops.Case(at, tuple(parts.classes), tuple(parts.values), tuple(parts.captures), is_irrefutable, guard, body))
    return ops.Match(r.since(start), subject, tuple(cases))


COMPOUND: dict[type, StatementHandler] = {
    cst.If: _if,
    cst.While: _while,
    cst.For: _for,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.With: _with,
    cst.Match: _match,
    **DEFINITIONS,
}
