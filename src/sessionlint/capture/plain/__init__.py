"""The tables of a file from Python's own, ten times quicker parser: the same, to the last column, that libcst gives."""

from __future__ import annotations

import ast
import warnings

from sessionlint.capture.definitions import MODULE
from sessionlint.capture.plain.definitions import lambda_
from sessionlint.capture.plain.expressions import EXPRESSIONS
from sessionlint.capture.plain.lines import collect
from sessionlint.capture.plain.places import Odd, Plain
from sessionlint.capture.plain.statements import block
from sessionlint.capture.plain.strings import formatted
from sessionlint.capture.plain.units import runs_of
from sessionlint.capture.reduction import Scope, Tables, UnknownNode
from sessionlint.capture.visitor import HANDLERS
from sessionlint.facts import FunctionFacts
from sessionlint.source import Range

__all__ = ["plain_tables"]

EXPRESSIONS.update({ast.Lambda: lambda_, ast.JoinedStr: formatted, getattr(ast, "TemplateStr", ast.JoinedStr): formatted})


def plain_tables(text: str, *, by_statements: bool = True, with_lines: bool = False) -> Tables | None:
    """The tables of a file; None where libcst has to read the whole file.

    Lines and strings are only there if they are asked for (`with_lines`); `by_statements` has libcst read those that speak of sessions.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            tables = Tables()
            r = Plain(text, HANDLERS, tables, Scope("", -1, -1))
            tables.functions.append(None)
            if by_statements:
                r.runs = runs_of(tree, text, r.starts)
            body = block(r, tree.body)
            if with_lines:
                collect(r, tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError, UnknownNode, Odd):
        return None
    start, end = r.between(0, 0), r.between(len(r.text) - 1, len(r.text) - 1)
    span = Range(1, 1, end.end_row, end.end_column)
    scope = r.scope
    tables.functions[0] = FunctionFacts(MODULE, MODULE, start, span, (), None, (), False, scope.is_generator, -1, -1, scope.bound(), body)
    return tables
