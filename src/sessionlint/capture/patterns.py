"""The patterns of `match` → what they name, bind, and whether they always match."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from sessionlint.capture.reduction import Reduction, UnknownNode
from sessionlint.facts import ops


class PatternParts:
    """What the patterns of one `case` name and bind, in the order of the text."""

    __slots__ = ("captures", "classes", "values")

    def __init__(self) -> None:
        self.classes: list[ops.Expr] = []
        self.values: list[ops.Expr] = []
        self.captures: list[str] = []


def pattern(r: Reduction, node: cst.MatchPattern, parts: PatternParts) -> bool:
    """Consume a pattern; says whether it matches anything whatsoever."""
    handler = _PATTERNS.get(type(node))
    if handler is None:
        raise UnknownNode(type(node).__name__)
    if isinstance(node, cst.MatchValue | cst.MatchSingleton):  # its parentheses are the value's
        return handler(r, node, parts)
    for _ in node.lpar:
        r.take(1)
    is_irrefutable = handler(r, node, parts)
    for _ in node.rpar:
        r.take(1)
    return is_irrefutable


def _value(r: Reduction, node: cst.MatchValue | cst.MatchSingleton, parts: PatternParts) -> bool:
    parts.values.append(r.expression(node.value))
    return False


def _as(r: Reduction, node: cst.MatchAs, parts: PatternParts) -> bool:
    is_irrefutable = node.pattern is None or pattern(r, node.pattern, parts)
    if node.name is None:
        if node.pattern is None:
            r.take(1)  # `_`
        return is_irrefutable
    if node.pattern is not None:
        r.take(2)
    _capture(r, node.name, parts)
    return is_irrefutable


def _capture(r: Reduction, name: cst.Name, parts: PatternParts) -> None:
    r.take(len(name.value))
    parts.captures.append(name.value)
    r.scope.names[name.value] = None


def _or(r: Reduction, node: cst.MatchOr, parts: PatternParts) -> bool:
    is_irrefutable = False
    for position, element in enumerate(node.patterns):
        if position:
            r.take(1)
        is_irrefutable |= pattern(r, element.pattern, parts)
    # alternatives bind the same names
    parts.captures[:] = dict.fromkeys(parts.captures)
    return is_irrefutable


def _sequence(r: Reduction, node: cst.MatchList | cst.MatchTuple, parts: PatternParts) -> bool:
    has_brackets = isinstance(node, cst.MatchList) and node.lbracket is not None
    if has_brackets:
        r.take(1)
    for element in node.patterns:
        if isinstance(element, cst.MatchStar):
            r.take(1)
            if element.name is None:
                r.take(1)
            else:
                _capture(r, element.name, parts)
        else:
            assert isinstance(element, cst.MatchSequenceElement)
            pattern(r, element.value, parts)
    if has_brackets:
        r.take(1)
    return False


def _mapping(r: Reduction, node: cst.MatchMapping, parts: PatternParts) -> bool:
    r.take(1)
    for element in node.elements:
        parts.values.append(r.expression(element.key))
        pattern(r, element.pattern, parts)
    if node.rest is not None:
        r.take(2)
        _capture(r, node.rest, parts)
    r.take(1)
    return False


def _class(r: Reduction, node: cst.MatchClass, parts: PatternParts) -> bool:
    parts.classes.append(r.expression(node.cls))
    r.take(1)
    elements: Sequence[cst.MatchSequenceElement | cst.MatchKeywordElement] = (*node.patterns, *node.kwds)
    for element in elements:
        if isinstance(element, cst.MatchKeywordElement):
            r.take(len(element.key.value))
            pattern(r, element.pattern, parts)
        else:
            pattern(r, element.value, parts)
    r.take(1)
    return False


_PATTERNS: dict[type, Callable[[Reduction, Any, PatternParts], bool]] = {
    cst.MatchValue: _value,
    cst.MatchSingleton: _value,
    cst.MatchAs: _as,
    cst.MatchOr: _or,
    cst.MatchList: _sequence,
    cst.MatchTuple: _sequence,
    cst.MatchMapping: _mapping,
    cst.MatchClass: _class,
}
