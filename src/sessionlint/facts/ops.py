"""The closed union of operations to which a function body is reduced: statements and expressions with their places.

It is Python's own control flow without what can never matter to a session or an instance (arithmetic, literals beyond
short strings, type parameters). Nothing here knows what a name means; `link` and `solve` find that out. Tests: `tests/facts`.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from sessionlint.source import Range


class Op(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=True):
    """Common form of every operation: immutable, compact when stored, tagged by its class's name."""


# -- expressions --------------------------------------------------------------------------------------------------


class Name(Op, frozen=True):
    """`user`: a plain name that is read (or bound, where a target is wanted)."""

    at: Range
    id: str


class Attribute(Op, frozen=True):
    """`value.name`. `at` is the whole expression; `name_at` the attribute's own name, where a read is reported."""

    at: Range
    value: Expr
    name: str
    name_at: Range


class Constant(Op, frozen=True):
    """A literal. Text longer than 200 characters is kept only if it can be a template (`{{` or `{%` in it), else `...`."""

    at: Range
    value: str | int | bool | None


class Other(Op, frozen=True):
    """An expression of which only the parts matter, evaluated in order: arithmetic, slices, unary operators, bytes, floats, `...`.

    `kind` is the operator's symbol (`%`, `+`, `|`, `-`, `~`, `slice`, `literal`); adjacent string literals are one `Constant`.
    """

    at: Range
    kind: str
    parts: tuple[Expr, ...]


class FormattedString(Op, frozen=True):
    """An f-string (or t-string); `parts` are the interpolated expressions in order, `conversions` their `!r`, `!s`, `!a` or ``."""

    at: Range
    parts: tuple[Expr, ...]
    conversions: tuple[str, ...]


class Display(Op, frozen=True):
    """A tuple, list or set display; `kind` is `tuple`, `list` or `set`."""

    at: Range
    kind: str
    items: tuple[Expr, ...]


class DictDisplay(Op, frozen=True):
    """A dict display; the key of a `**mapping` item is None."""

    at: Range
    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]


class Starred(Op, frozen=True):
    """`*value` in a display, a call or a target."""

    at: Range
    value: Expr


class Keyword(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A keyword argument; `name` is None for `**value`."""

    name: str | None
    value: Expr


class Call(Op, frozen=True):
    """`func(*args, **keywords)`. `at` is the whole call."""

    at: Range
    func: Expr
    args: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]


class Subscript(Op, frozen=True):
    """`value[index]`; several indices are a tuple `Display`."""

    at: Range
    value: Expr
    index: Expr


class Await(Op, frozen=True):
    """`await value`."""

    at: Range
    value: Expr


class Yield(Op, frozen=True):
    """`yield value`; `value` is None for a bare `yield`."""

    at: Range
    value: Expr | None


class YieldFrom(Op, frozen=True):
    """`yield from value`."""

    at: Range
    value: Expr


class Lambda(Op, frozen=True):
    """A lambda; `function` is the index of its facts in `FileFacts.functions` (its body is one `Return`)."""

    at: Range
    function: int


class Clause(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`for target in iter if … if …` of a comprehension."""

    target: Expr
    iter: Expr
    conditions: tuple[Expr, ...]
    is_async: bool


class Comprehension(Op, frozen=True):
    """`kind` is `list`, `set`, `dict` or `generator`; `value` is only set for `dict`, where `element` is the key."""

    at: Range
    kind: str
    element: Expr
    value: Expr | None
    clauses: tuple[Clause, ...]


class BoolOp(Op, frozen=True):
    """`a and b and c` / `a or b or c`; `operator` is `and` or `or`."""

    at: Range
    operator: str
    values: tuple[Expr, ...]


class Not(Op, frozen=True):
    """`not value`."""

    at: Range
    value: Expr


class Compare(Op, frozen=True):
    """`left op right op …`; operators as written: `==`, `!=`, `<`, `is`, `is not`, `in`, `not in`, …"""

    at: Range
    left: Expr
    operators: tuple[str, ...]
    comparators: tuple[Expr, ...]


class Conditional(Op, frozen=True):
    """`body if test else orelse`."""

    at: Range
    test: Expr
    body: Expr
    orelse: Expr


class NamedExpr(Op, frozen=True):
    """`target := value`."""

    at: Range
    target: str
    value: Expr


# fmt: off
Expr: TypeAlias = (
    Name | Attribute | Constant | Other | FormattedString | Display | DictDisplay | Starred | Call | Subscript | Await
    | Yield | YieldFrom | Lambda | Comprehension | BoolOp | Not | Compare | Conditional | NamedExpr
)
# fmt: on


# -- statements ---------------------------------------------------------------------------------------------------


class Evaluate(Op, frozen=True):
    """An expression statement (docstrings and other lone literals are left out)."""

    at: Range
    value: Expr


class Assign(Op, frozen=True):
    """`a = b = value` and `a: annotation = value`; an annotation without value has `value` None."""

    at: Range
    targets: tuple[Expr, ...]
    value: Expr | None
    annotation: Expr | None


class AugAssign(Op, frozen=True):
    """`target op= value`."""

    at: Range
    target: Expr
    operator: str
    value: Expr


class Delete(Op, frozen=True):
    """`del a, b.c, d["e"]`."""

    at: Range
    targets: tuple[Expr, ...]


class Return(Op, frozen=True):
    """`return value`."""

    at: Range
    value: Expr | None


class Raise(Op, frozen=True):
    """`raise error from cause`; both None for a bare `raise`. `raise … from None` has a `Constant` None as cause."""

    at: Range
    error: Expr | None
    cause: Expr | None


class Assert(Op, frozen=True):
    """`assert test, message`."""

    at: Range
    test: Expr
    message: Expr | None


class Break(Op, frozen=True):
    at: Range


class Continue(Op, frozen=True):
    at: Range


class If(Op, frozen=True):
    """`if`/`elif`: an `elif` is an `If` alone in `orelse`."""

    at: Range
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


class While(Op, frozen=True):
    at: Range
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


class For(Op, frozen=True):
    at: Range
    target: Expr
    iter: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    is_async: bool


class Handler(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`except type as name:`; `at` covers the line of the `except`; a bare `except:` has `type` None."""

    at: Range
    type: Expr | None
    name: str
    body: tuple[Stmt, ...]


class Try(Op, frozen=True):
    at: Range
    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Stmt, ...]
    finalbody: tuple[Stmt, ...]
    is_star: bool


class WithItem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`context as target`."""

    context: Expr
    target: Expr | None


class With(Op, frozen=True):
    at: Range
    items: tuple[WithItem, ...]
    body: tuple[Stmt, ...]
    is_async: bool


class Case(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One `case`: the classes and values its pattern names, the names it binds, whether it always matches."""

    at: Range
    classes: tuple[Expr, ...]
    values: tuple[Expr, ...]
    captures: tuple[str, ...]
    is_irrefutable: bool
    guard: Expr | None
    body: tuple[Stmt, ...]


class Match(Op, frozen=True):
    at: Range
    subject: Expr
    cases: tuple[Case, ...]


class FunctionDef(Op, frozen=True):
    """A `def` executed here; `function` is the index of its facts in `FileFacts.functions`."""

    at: Range
    function: int


class ClassDef(Op, frozen=True):
    """A `class` executed here; `class_index` is the index of its facts in `FileFacts.classes`."""

    at: Range
    class_index: int


class ImportedName(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`name as bound`; for `import a.b` without `as`, `bound` is `a`; for `from m import *` both are `*`."""

    name: str
    bound: str


class Import(Op, frozen=True):
    """`import a.b as c` (`module` None) or `from ..module import name as bound` (`level` counts the dots)."""

    at: Range
    module: str | None
    level: int
    names: tuple[ImportedName, ...]


class Global(Op, frozen=True):
    """`global`/`nonlocal` names."""

    at: Range
    names: tuple[str, ...]
    is_nonlocal: bool


# fmt: off
Stmt: TypeAlias = (
    Evaluate | Assign | AugAssign | Delete | Return | Raise | Assert | Break | Continue | If | While | For | Try
    | With | Match | FunctionDef | ClassDef | Import | Global
)
# fmt: on
