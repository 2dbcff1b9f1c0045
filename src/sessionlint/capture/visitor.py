"""A parsed module → its tables of functions and classes."""

from __future__ import annotations

import libcst as cst

from sessionlint.capture.definitions import lambda_, module
from sessionlint.capture.expressions import EXPRESSIONS
from sessionlint.capture.flow import COMPOUND
from sessionlint.capture.reduction import Handlers, Reduction, Scope, Tables
from sessionlint.capture.statements import SMALL

HANDLERS = Handlers(expressions={**EXPRESSIONS, cst.Lambda: lambda_}, small=SMALL, compound=COMPOUND)


def tables_of(node: cst.Module, text: str) -> Tables:
    """Reduce a module to its tables; `text` is what it was parsed from. Raises `UnknownNode`, `RecursionError`."""
    tables = Tables()
    module(Reduction(text, HANDLERS, tables, Scope("", -1, -1)), node)
    return tables
