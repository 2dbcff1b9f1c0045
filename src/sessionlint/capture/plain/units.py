"""Which statements of a file libcst reads: those that speak of sessions, and those of which Python's tree does not tell enough.

The rest only has to be known, which Python's own tree suffices for. All that is read of a file is parsed at once: a parse takes 0.4 ms
however small the text. Entry point: `runs_of`.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

import libcst as cst

from sessionlint.capture.plain.places import Odd, Run
from sessionlint.knowledge.speaking import MARKS

_COMPOUND = frozenset(
    {ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try}
    | {getattr(ast, "TryStar", ast.Try)}
)
"""Of the others that hold statements, `match` is read by libcst as a whole."""
_SIMPLE = frozenset(
    {ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Raise, ast.Assert, ast.Delete}
    | {ast.Import, ast.ImportFrom, ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal}
)
_HEAD = "if 1:\n"


def runs_of(tree: ast.Module, text: str, starts: Sequence[int]) -> dict[int, Run]:
    """The runs that libcst reads, by the row of the first statement. Raises `Odd`."""
    found: dict[int, Run] = {}
    texts: list[str] = []
    for first, row, last, count in _Units(text, starts).spans(tree.body):
        found[first] = Run(row, count)
        part = text[starts[row - 1] : starts[last]]
        texts.append((_HEAD + part if part[0] in " \t\f" else part) + "\n")
    if not found:
        return found
    try:
        nodes = list(cst.parse_module("".join(texts)).body)
    except cst.ParserSyntaxError:
        raise Odd from None  # the whole file says where
    for run, part in zip(found.values(), texts, strict=True):
        if not part.startswith(_HEAD):
            run.nodes, nodes = nodes[: run.count], nodes[run.count :]
            continue
        head = nodes.pop(0)
        if not isinstance(head, cst.If) or not isinstance(head.body, cst.IndentedBlock):
            raise Odd
        run.nodes = head.body.body
    if nodes or any(len(run.nodes) != run.count for run in found.values()):
        raise Odd
    return found


class _Units:
    """What is read by libcst in one file."""

    def __init__(self, text: str, starts: Sequence[int]) -> None:
        self._text, self._starts = text, starts
        self._marks = sorted(offset for mark in MARKS for offset in _offsets(text, mark))

    def spans(self, nodes: Sequence[ast.stmt]) -> Iterator[tuple[int, int, int, int]]:
        """Of each run: the row of its first statement, the first row of all, the last row, and the number of statements."""
        first = row = last = count = 0
        for index, node in enumerate(nodes):
            start, end = _first_row(node), node.end_lineno or node.lineno
            following = _first_row(nodes[index + 1]) if index + 1 < len(nodes) else end + 1
            is_read = self._is_read(node, start, end) and end < following
            if is_read and count:
                last, count = end, count + 1
                continue
            if count:
                yield first, row, last, count
                count = 0
            if is_read:
                first, row, last, count = node.lineno, start, end, 1
            elif type(node) in _COMPOUND:
                for inner in _blocks(node):
                    yield from self.spans(inner)
        if count:
            yield first, row, last, count

    def _is_read(self, node: ast.stmt, first: int, last: int) -> bool:
        """Whether libcst reads a statement in these rows, which nothing may stand before."""
        start = self._starts[first - 1]
        if type(node) in _COMPOUND:
            if not getattr(node, "type_params", None):
                return False
        elif type(node) in _SIMPLE and not self._speaks(start, self._starts[last]):
            return False
        is_continued = self._text[max(start - 3, 0) : start].rstrip("\r\n").endswith("\\")
        return not is_continued and (not node.col_offset or self._text[start : start + node.col_offset].isspace())

    def _speaks(self, start: int, end: int) -> bool:
        position = bisect_left(self._marks, start)
        return position < len(self._marks) and self._marks[position] < end


def _offsets(text: str, mark: str) -> Iterator[int]:
    offset = text.find(mark)
    while offset >= 0:
        yield offset
        offset = text.find(mark, offset + len(mark))


def _blocks(node: Any) -> Iterator[Sequence[ast.stmt]]:
    yield node.body
    for handler in getattr(node, "handlers", ()):
        yield handler.body
    yield getattr(node, "orelse", ())
    yield getattr(node, "finalbody", ())


def _first_row(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", ())
    return min(node.lineno, *(decorator.lineno for decorator in decorators)) if decorators else node.lineno
