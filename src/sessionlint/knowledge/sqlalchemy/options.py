"""Loader options by function name, and what each does to an attribute.

Source: https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html and https://docs.sqlalchemy.org/en/20/orm/queryguide/columns.html
"""

from __future__ import annotations

EAGER = frozenset({"joinedload", "selectinload", "subqueryload", "contains_eager", "immediateload", "joinedload_all", "subqueryload_all"})
"""Options after which the relationship is in memory."""

LAZY = frozenset({"lazyload", "defaultload", "raiseload", "noload", "selectin_polymorphic", "contains_alias"})
"""Other options on relationships."""

COLUMNS = frozenset({"load_only", "defer", "undefer", "undefer_group", "with_expression"})
"""Options on columns."""

ALL = EAGER | LAZY | COLUMNS

EAGER_LAZY_VALUES = frozenset({"joined", "selectin", "subquery", "immediate"})
"""Values of `lazy=` with which a relationship comes along with its parent."""

LOADED_LAZY_VALUES = frozenset({"noload", "dynamic", "write_only"})
"""Values of `lazy=` with which reading the attribute itself never loads."""
