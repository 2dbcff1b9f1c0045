"""`table`: a table for each model: relationships first, then what else is not a plain column; columns in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sessionlint.report.models.inventory import Attribute, Shown
from sessionlint.report.printable import printable

_ORDER = ("relationship", "deferred", "column_property", "composite", "synonym", "association_proxy", "hybrid")
_WORDS = {"column_property": "expression", "association_proxy": "proxy", "deferred": "deferred column"}
_SLOW = frozenset({"when read", "raises when read", "raises when SQL is needed"})


def render(models: Sequence[Shown], out: TextIO, *, width: int) -> None:
    """All models, and a line that counts them."""
    console = Console(file=out, highlight=False, width=width or None, soft_wrap=False)
    for model in models:
        _render_model(console, model)
    relationships = sum(each.mapped.kind == "relationship" for model in models for each in model.attributes)
    console.print(f"{len(models)} model{'s' * (len(models) != 1)}, {relationships} relationship{'s' * (relationships != 1)}")


def _render_model(console: Console, model: Shown) -> None:
    title = Text.assemble((printable(model.label), "bold"), f"  {model.model.table or '(no table known)'}")
    console.print(title, Text(f"{printable(model.filename)}:{model.row}", style="dim"))
    if model.lineage:
        console.print(Text(f"  inherits {', '.join(model.lineage)}"))
    columns = [_column(each) for each in model.attributes if each.mapped.kind == "column"]
    if columns:
        console.print(Text(f"  columns {', '.join(columns)}"))
    rows = [each for kind in _ORDER for each in model.attributes if each.mapped.kind == kind]
    if rows:
        table = Table(box=None, pad_edge=True, padding=(0, 2, 0, 0), header_style="dim")
        for title_of in ("  Attribute", "What", "Loads", "Other side", "Line"):
            table.add_column(title_of, overflow="fold", justify="right" if title_of == "Line" else "left")
        for each in rows:
            table.add_row(f"  {each.mapped.name}", _what(each), _loads(each), _other(each), _line(model, each))
        console.print(table)
    console.print()


def _column(column: Attribute) -> str:
    return f"{column.mapped.name}*" if column.mapped.is_primary_key else column.mapped.name


def _what(each: Attribute) -> str:
    mapped = each.mapped
    if mapped.kind == "relationship":
        return f"{'many' if mapped.uselist else 'one'} {each.target or '?'}"
    if mapped.proxy is not None:
        return f"{_WORDS.get(mapped.kind, mapped.kind)} of {'.'.join(filter(None, mapped.proxy))}"
    return _WORDS.get(mapped.kind, mapped.kind)


def _loads(each: Attribute) -> Text:
    if each.mapped.kind not in ("relationship", "deferred"):
        return Text("")
    lazy = f"{each.mapped.lazy}: " if each.mapped.lazy else ""
    return Text(f"{lazy}{each.loading}", style="yellow" if each.loading in _SLOW else "")


def _other(each: Attribute) -> str:
    mapped = each.mapped
    return f"{mapped.backref_of} (backref)" if mapped.backref_of else mapped.back_populates


def _line(model: Shown, each: Attribute) -> str:
    return str(each.row) if each.filename == model.filename else f"{each.filename}:{each.row}"
