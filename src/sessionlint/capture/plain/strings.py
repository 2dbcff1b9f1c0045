"""Interpolated strings → operations. Python has places in them only from 3.12 on: the code in them is parsed apart, by libcst where it is
more than a plain expression."""

from __future__ import annotations

import ast
import keyword
import re

import libcst as cst

from sessionlint.capture.plain.expressions import expression
from sessionlint.capture.plain.places import Odd, Plain
from sessionlint.capture.reduction import UnknownNode
from sessionlint.facts import ops

_BEGINNING = re.compile(r"""(?:[fF][rR]?|[rR][fF])("{3}|'{3}|"|')""")
_TEXT = re.compile(r"(?:[^{}]+|\{\{|\}\})*")
_STRING = r"""'[^'{}\\\r\n]*'|"[^"{}\\\r\n]*\""""
_INDEX = rf"""\[(?:[^\[\]{{}}'"!=#\\\r\n]|{_STRING})*\]"""
_FIELD = re.compile(rf"""\{{(?P<code>(?:[^\[\]{{}}'"!:=#\\\r\n]|{_STRING}|{_INDEX})+)(?:!(?P<conversion>[rsa]))?(?::[^{{}}]*)?\}}""")
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
_KEYWORDS = frozenset(keyword.kwlist)


def formatted(r: Plain, node: ast.JoinedStr) -> ops.Expr:
    """The facts of one interpolated string, or of several that stand side by side."""
    start, end = r.begin(node), r.finish(node)
    return _simple(r, start, end) or _parsed(r, start, end)


def _simple(r: Plain, start: int, end: int) -> ops.Expr | None:
    """One string that holds nothing but dotted names; None for any other."""
    text = r.text
    opening = _BEGINNING.match(text, start)
    if opening is None:
        return None
    quote = opening[1]
    pos, stop = opening.end(), end - len(quote)
    inner = text[pos:stop]
    if quote in inner or "\\N" in inner:
        return None
    parts: list[ops.Expr] = []
    conversions: list[str] = []
    while (pos := _TEXT.match(text, pos, stop).end()) < stop:  # type: ignore[union-attr]  # matches the empty string too
        field = _FIELD.match(text, pos, stop)
        if field is None:
            return None
        code = field["code"]
        is_path = code not in _KEYWORDS and _PATH.fullmatch(code) is not None
        part = _dotted(r, pos + 1, code) if is_path else _evaluated(r, pos + 1, code)
        if part is None:
            return None
        parts.append(part)
        conversions.append(field["conversion"] or "")
        pos = field.end()
    return ops.FormattedString(r.between(start, end), tuple(parts), tuple(conversions))


def _dotted(r: Plain, start: int, path: str) -> ops.Expr:
    first, *names = path.split(".")
    pos = start + len(first)
    found: ops.Expr = ops.Name(r.between(start, pos), first)
    for name in names:
        at = pos + 1
        pos = at + len(name)
        found = ops.Attribute(r.between(start, pos), found, name, r.between(at, pos))
    return found


def _evaluated(r: Plain, start: int, code: str) -> ops.Expr | None:
    """The facts of code that stands in one row, with nothing in it that means something to the string around it."""
    try:
        node = ast.parse(f"({code})", mode="eval").body
    except SyntaxError:  # the string ends earlier than it seems
        return None
    if not node.col_offset:
        return None  # a tuple that the string's braces enclose
    row, column = r.place(start - 1)
    for inner in ast.walk(node):
        if isinstance(inner, ast.expr | ast.keyword):
            inner.lineno = inner.end_lineno = row
            inner.col_offset += column
            inner.end_col_offset += column  # type: ignore[operator]  # a parsed node has one
    return expression(r, node)


def _parsed(r: Plain, start: int, end: int) -> ops.Expr:
    try:
        node = cst.parse_expression(f"({r.text[start:end]})")  # strings side by side may be on several lines
        r.pos = start
        return r.without_parentheses(node)
    except (cst.ParserSyntaxError, UnknownNode):
        raise Odd from None
