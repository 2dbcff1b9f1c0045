"""What a column's declaration says about how it is loaded and who makes its value. Entry point: `column`."""

from __future__ import annotations

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.sqlalchemy.constructs import GENERATED_VALUES
from sessionlint.link.models import MappedAttribute
from sessionlint.link.names.walk import keyword, literal, text
from sessionlint.link.registry.declarations import Declaration, Declarations
from sessionlint.link.symbols import External

_SQL_ROOTS = (
    "sqlalchemy.func.",
    "sqlalchemy.text",
    "sqlalchemy.literal_column",
    "sqlalchemy.select",
    "sqlalchemy.case",
    "sqlalchemy.sql.",
    "sqlalchemy.Sequence",
)


def column(declarations: Declarations, declared: Declaration) -> MappedAttribute:
    """A column, or a `column_property`, as the registry knows it."""
    is_primary_key = _is_true(declared, "primary_key")
    is_deferred = declared.kind == "deferred" or _is_true(declared, "deferred") or _implies_deferred(declared)
    kind = "deferred" if is_deferred else declared.kind
    on_insert = _is_database_made(declarations, declared, ("server_default", "default", "insert_default"))
    on_update = _is_database_made(declarations, declared, ("server_onupdate", "onupdate"))
    computed = _has_computed(declarations, declared)
    return MappedAttribute(
        name=declared.name,
        kind=kind,
        at=declared.at,
        owner=declared.owner,
        is_primary_key=is_primary_key,
        is_generated=not is_primary_key and (on_insert or on_update or computed),
        is_generated_on_update=not is_primary_key and (on_update or computed),
        in_repr=literal(declared.option("repr")) is not False,
        deferred_group=(text(declared.option("deferred_group")) or text(declared.option("group"))) if is_deferred else "",
        deferred_raiseload=_is_true(declared, "deferred_raiseload") or (declared.kind == "deferred" and _is_true(declared, "raiseload")),
    )


def _is_true(declared: Declaration, name: str) -> bool:
    return literal(_option(declared, name)) is True


def _option(declared: Declaration, name: str) -> Expr | None:
    """A keyword of the declaration, or of the `Column` that SQLModel's `Field` or a `column_property` wraps."""
    given = declared.option(name)
    if given is not None or declared.call is None:
        return given
    for inner in (declared.option("sa_column"), declared.option("sa_column_kwargs"), *declared.call.args):
        if isinstance(inner, ops.Call) and (found := keyword(inner, name)) is not None:
            return found
        if isinstance(inner, ops.DictDisplay):
            for key, value in zip(inner.keys, inner.values, strict=True):
                if literal(key) == name:
                    return value
    return None


def _is_database_made(declarations: Declarations, declared: Declaration, names: tuple[str, ...]) -> bool:
    for name in names:
        given = _option(declared, name)
        if given is None or (isinstance(given, ops.Constant) and given.value is None):
            continue
        if name.startswith("server_") or _is_sql(declarations, declared, given):
            return True
    return False


def _is_sql(declarations: Declarations, declared: Declaration, expression: Expr) -> bool:
    """Whether a default is an SQL expression, which only the database can evaluate (Python callables and constants are not)."""
    if isinstance(expression, ops.Call):
        symbol = declarations.resolve(declared, expression.func)
        return isinstance(symbol, External) and symbol.name.startswith(_SQL_ROOTS)
    return isinstance(expression, ops.Other) and any(_is_sql(declarations, declared, part) for part in expression.parts)


def _has_computed(declarations: Declarations, declared: Declaration) -> bool:
    if declared.call is None:
        return False
    arguments = [*declared.call.args]
    inner = declared.option("sa_column")
    if isinstance(inner, ops.Call):
        arguments += inner.args
    for argument in arguments:
        if isinstance(argument, ops.Call):
            symbol = declarations.resolve(declared, argument.func)
            if isinstance(symbol, External) and symbol.name in GENERATED_VALUES:
                return True
    return False


def _implies_deferred(declared: Declaration) -> bool:
    """`mapped_column(deferred_group=…)` and `deferred_raiseload=True` mean `deferred=True`, unless that is given as false."""
    if literal(declared.option("deferred")) is False:
        return False
    return declared.option("deferred_group") is not None or _is_true(declared, "deferred_raiseload")
