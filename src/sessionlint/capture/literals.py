"""Numbers, strings, f-strings and adjacent strings → operations. Also notes where strings stand: a `#` in one begins no comment."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence

import libcst as cst

from sessionlint.capture.reduction import ExpressionHandler, Reduction
from sessionlint.facts import ops

LONGEST_TEXT = 200
_STRING = re.compile(r"""(?P<prefix>[A-Za-z]*)(?P<quote>'''|\"\"\"|'|")(?P<text>.*)(?P=quote)""", re.DOTALL)
LARGEST = 2**63
_LINE_END = re.compile(r"\r\n?")
_TEXTS = (cst.FormattedStringText, cst.TemplatedStringText)
_INTERPOLATIONS = (cst.FormattedStringExpression, cst.TemplatedStringExpression)


def _integer(r: Reduction, node: cst.Integer) -> ops.Expr:
    start = r.take(len(node.value))
    value = _number_of(node.value)
    return ops.Other(r.since(start), "literal", ()) if value is None else ops.Constant(r.since(start), value)


def _number(r: Reduction, node: cst.Float | cst.Imaginary) -> ops.Expr:
    return ops.Other(r.since(r.take(len(node.value))), "literal", ())


def _ellipsis(r: Reduction, node: cst.Ellipsis) -> ops.Expr:
    return ops.Other(r.since(r.take(3)), "literal", ())


def _string(r: Reduction, node: cst.SimpleString) -> ops.Expr:
    start = r.take(len(node.value))
    r.tables.strings.append((start, r.pos))
    text = _text_of(node.value)
    return ops.Other(r.since(start), "literal", ()) if text is None else ops.Constant(r.since(start), kept(text))


def _formatted(r: Reduction, node: cst.FormattedString | cst.TemplatedString) -> ops.Expr:
    parts: list[ops.Expr] = []
    conversions: list[str] = []
    start = _interpolated(r, node, parts, conversions)
    return ops.FormattedString(r.since(start), tuple(parts), tuple(conversions))


def _interpolated(r: Reduction, node: cst.FormattedString | cst.TemplatedString, parts: list[ops.Expr], conversions: list[str]) -> int:
    start = r.take(len(node.start))
    outside = len(r.tables.strings)
    _format_parts(r, node.parts, parts, conversions)
    r.pos += len(node.end)
    del r.tables.strings[outside:]  # strings inside say nothing of what follows them in this one
    r.tables.strings.append((start, r.pos))
    return start


def _format_parts(r: Reduction, nodes: Sequence[cst.CSTNode], parts: list[ops.Expr], conversions: list[str]) -> None:
    for node in nodes:
        if isinstance(node, _TEXTS):
            r.pos += len(node.value)
            continue
        assert isinstance(node, _INTERPOLATIONS)
        r.pos += 1
        parts.append(r.expression(node.expression))
        conversions.append(node.conversion or "")
        r.trivia()
        if node.equal is not None:
            r.take_mark()
            r.trivia()
        if node.conversion is not None:
            r.pos += 1 + len(node.conversion)
        if node.format_spec is None:
            r.take_mark()  # the closing brace
            continue
        r.take_mark()
        _format_parts(r, node.format_spec, parts, conversions)
        r.pos += 1


def _concatenated(r: Reduction, node: cst.ConcatenatedString) -> ops.Expr:
    start = r.start()
    texts: list[str | None] = []
    parts: list[ops.Expr] = []
    conversions: list[str] = []
    rest: cst.BaseExpression | None = node
    while rest is not None:
        literal: cst.BaseExpression
        literal, rest = (rest.left, rest.right) if isinstance(rest, cst.ConcatenatedString) else (rest, None)
        if isinstance(literal, cst.SimpleString):
            at = r.take(len(literal.value))
            r.tables.strings.append((at, r.pos))
            texts.append(_text_of(literal.value))
        else:
            assert isinstance(literal, cst.FormattedString | cst.TemplatedString)
            _interpolated(r, literal, parts, conversions)
            texts.append(None)
    whole = [text for text in texts if text is not None]
    if len(whole) == len(texts):
        return ops.Constant(r.since(start), kept("".join(whole)))
    if parts or whole:
        return ops.FormattedString(r.since(start), tuple(parts), tuple(conversions))
    return ops.Other(r.since(start), "literal", ())


def _text_of(literal: str) -> str | None:
    """The value of a string literal without interpolation; None for bytes, and for what Python itself does not accept."""
    match = _STRING.fullmatch(literal)
    if match is None:
        return None
    prefix, text = match["prefix"], match["text"]
    if "b" in prefix or "B" in prefix:
        return None
    if "\\" in text and "r" not in prefix and "R" not in prefix:
        return _unescaped(literal)
    return _LINE_END.sub("\n", text) if "\r" in text else text


def kept(text: str) -> str:
    """The text as a fact: what is long and can be no template is cut to `...`; lone surrogates are replaced."""
    if len(text) > LONGEST_TEXT and "{{" not in text and "{%" not in text:
        return "..."
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _number_of(literal: str) -> int | None:
    """The value of an integer literal, if it fits in 64 bits."""
    try:
        value = int(literal, 0)
    except ValueError:  # more digits than Python converts
        return None
    return value if value < LARGEST else None


def _unescaped(literal: str) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of invalid escapes
        try:
            value = ast.literal_eval(literal)
        except (ValueError, SyntaxError):
            return None
    return value if isinstance(value, str) else None


LITERALS: dict[type, ExpressionHandler] = {
    cst.Integer: _integer,
    cst.Float: _number,
    cst.Imaginary: _number,
    cst.Ellipsis: _ellipsis,
    cst.SimpleString: _string,
    cst.FormattedString: _formatted,
    cst.TemplatedString: _formatted,
    cst.ConcatenatedString: _concatenated,
}
