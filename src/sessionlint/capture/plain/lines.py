"""Logical lines, decorated headers and strings of Python's own tree, by which comments that silence are placed. Entry point: `collect`.

What libcst reads (`match`, type parameters) is in the tables already.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any

from sessionlint.capture.plain.places import Odd, Plain

_JOINED = re.compile(r"(?:[ \t\f]|\\(?:\r\n?|\n))*;(?:[ \t\f]|\\(?:\r\n?|\n))*")
_TO_COLON = re.compile(r"[^:#]*(?:#[^\r\n]*[\r\n][^:#]*)*:")
_BRANCH = re.compile(r"[ \t\f\r\n\\;]*(?:#[^\r\n]*[\r\n][ \t\f\r\n\\;]*)*(else|finally)[ \t\f\r\n\\]*:")
_LITERAL = re.compile(
    r"""[A-Za-z]*(?:'{3}(?:[^\\]|\\.)*?'{3}|"{3}(?:[^\\]|\\.)*?"{3}|'(?:[^'\\\r\n]|\\.)*'|"(?:[^"\\\r\n]|\\.)*")""", re.DOTALL
)
_GAP = re.compile(r"[ \t\f\r\n\\]*(?:#[^\r\n]*[\r\n][ \t\f\r\n\\]*)*")
_INTERPOLATED = (ast.JoinedStr, getattr(ast, "TemplateStr", ast.JoinedStr))
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def collect(r: Plain, tree: ast.Module) -> None:
    """Fill the tables of a walk with what its file's comments need. Raises `Odd`."""
    _block(r, tree.body)
    if "#" in r.text:
        _strings(r, tree)


def _block(r: Plain, nodes: Sequence[ast.stmt]) -> None:
    start = end = -1
    for node in nodes:
        if hasattr(node, "cases") or getattr(node, "type_params", None):
            continue  # libcst has read it
        if hasattr(node, "body"):
            _compound(r, node)
            continue
        begin = r.begin(node)
        if start >= 0 and _JOINED.fullmatch(r.text, end, begin):
            end = r.finish(node)
            r.tables.lines[-1] = (start, end)
        else:
            start, end = begin, r.finish(node)
            r.tables.lines.append((start, end))


def _compound(r: Plain, node: Any) -> None:
    begin = r.begin(node)
    end = _colon(r, max((r.finish(part) for part in _header(node)), default=begin))
    if isinstance(node, _DEFINITIONS) and node.decorator_list:
        first = -1
        for decorator in node.decorator_list:
            sign = r.text.rindex("@", 0, r.begin(decorator))
            first = sign if first < 0 else first
            r.tables.lines.append((sign, r.outer_finish(decorator, begin)))
        r.tables.decorated[first] = end
    r.tables.lines.append((begin, end))
    _block(r, node.body)
    last: ast.AST = node.body[-1]
    for handler in getattr(node, "handlers", ()):
        start = r.begin(handler)
        r.tables.lines.append((start, _colon(r, start if handler.type is None else r.finish(handler.type))))
        _block(r, handler.body)
        last = handler.body[-1]
    for branch in (getattr(node, "orelse", ()), getattr(node, "finalbody", ())):
        if not branch:
            continue
        if not (isinstance(node, ast.If) and r.text.startswith("elif", r.begin(branch[0]))):
            match = _BRANCH.match(r.text, r.finish(last))  # type: ignore[arg-type]  # a statement
            if match is None:
                raise Odd
            r.tables.lines.append((match.start(1), match.end()))
        _block(r, branch)
        last = branch[-1]


def _header(node: Any) -> Iterator[Any]:
    """The expressions in the header of a compound statement, as far as one may be the last."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = node.args
        parts = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *arguments.defaults, *arguments.kw_defaults)
        yield from (part for part in (*parts, arguments.vararg, arguments.kwarg, node.returns) if part is not None)
    elif isinstance(node, ast.ClassDef):
        yield from (*node.bases, *(keyword.value for keyword in node.keywords))
    elif isinstance(node, ast.With | ast.AsyncWith):
        yield node.items[-1].optional_vars or node.items[-1].context_expr
    elif isinstance(node, ast.For | ast.AsyncFor):
        yield node.iter
    elif isinstance(node, ast.If | ast.While):
        yield node.test


def _colon(r: Plain, start: int) -> int:
    """The offset after the next colon, with no expression before it."""
    match = _TO_COLON.match(r.text, start)
    if match is None:
        raise Odd
    return match.end()


def _strings(r: Plain, tree: ast.Module) -> None:
    """Those with a `#` in them: it begins no comment."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, _INTERPOLATED) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)):
            _literals(r, r.begin(node), r.finish(node))
        else:
            pending += ast.iter_child_nodes(node)


def _literals(r: Plain, pos: int, end: int) -> None:
    if r.text.find("#", pos, end) < 0:
        return
    while pos < end:
        match = _LITERAL.match(r.text, pos, end)
        if match is None:
            raise Odd  # a newer Python's string with its own quotes inside
        r.tables.strings.append(match.span())
        pos = _GAP.match(r.text, match.end(), end).end()  # type: ignore[union-attr]  # matches the empty string too
