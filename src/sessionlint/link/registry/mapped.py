"""Which classes SQLAlchemy maps, which are only bases or mixins of such, and how. Entry point: `mapped_classes`."""

from __future__ import annotations

from dataclasses import dataclass, field

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.sqlalchemy.constructs import (
    DECLARATIVE_CLASSES,
    DECLARATIVE_DECORATORS,
    FLASK_MODEL,
    IMPERATIVE_MAPPERS,
    MAPPING_DECORATORS,
    SQLMODEL,
)
from sessionlint.link.names.hierarchy import Hierarchy
from sessionlint.link.names.lookup import Names
from sessionlint.link.names.walk import argument, entries, literal
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId

_FACTORY_MADE = DECLARATIVE_DECORATORS | {"sqlalchemy.orm.declarative_base", FLASK_MODEL}

_COLUMNS = frozenset({"sqlalchemy.Column", "sqlalchemy.orm.mapped_column"})


@dataclass(frozen=True, slots=True)
class Imperative:
    """A call of `map_imperatively`: where it stands, its table and its properties by name."""

    function: FunctionId
    table: Expr | None
    properties: dict[str, Expr]


@dataclass(slots=True)
class MappedClasses:
    """`mapped` are mapped themselves; `bases` are declarative bases, abstract classes and mixins of those; `imperative` by class."""

    mapped: set[ClassId] = field(default_factory=set)
    bases: set[ClassId] = field(default_factory=set)
    imperative: dict[ClassId, list[Imperative]] = field(default_factory=dict)


def mapped_classes(names: Names, hierarchy: Hierarchy, calls: list[tuple[FunctionId, ops.Call]]) -> MappedClasses:
    """The mapped classes of a program; `calls` are those whose last name may be that of an imperative mapper."""
    found = MappedClasses()
    for function, call in calls:
        _enter_imperative(names, function, call, found)
    found.mapped.update(found.imperative)
    for id in hierarchy.classes():
        if _is_declarative(names, hierarchy, id):
            found.mapped.add(id)
    for id in found.mapped:
        found.bases.update(ancestor for ancestor in hierarchy.ancestors(id) if ancestor not in found.mapped)
    return found


def _is_declarative(names: Names, hierarchy: Hierarchy, id: ClassId) -> bool:
    if _is_abstract(names, id):
        return False
    decorators = {symbol.name for symbol in hierarchy.decorators(id) if isinstance(symbol, External)}
    if decorators & MAPPING_DECORATORS or _is_mapped_by_local_registry(names, id):
        return True
    if decorators & DECLARATIVE_DECORATORS:
        return False
    above = hierarchy.external_ancestors(id)
    if SQLMODEL in above:
        return _is_table(names, id)
    if above & _FACTORY_MADE:
        return True
    if _has_unknown_base(names, hierarchy, id):
        return _looks_mapped(names, id)
    direct = {base.name for base in hierarchy.bases(id) if isinstance(base, External)}
    return bool(above & DECLARATIVE_CLASSES) and not direct & DECLARATIVE_CLASSES


def _has_unknown_base(names: Names, hierarchy: Hierarchy, id: ClassId) -> bool:
    """Whether what a base is cannot be told: a local variable, a parameter, something that is not installed here."""
    return len(hierarchy.bases(id)) < len(names.facts[id.file].classes[id.index].bases)


def _looks_mapped(names: Names, id: ClassId) -> bool:
    """A table's name beside columns: nothing but a mapped class has both."""
    assigned = names.class_table(id).assigned
    if "__tablename__" not in assigned and "__table__" not in assigned:
        return False
    calls = [found.value for found in assigned.values() if isinstance(found.value, ops.Call)]
    symbols = [names.resolve_in_class(id, call.func) for call in calls]
    return any(isinstance(symbol, External) and symbol.name in _COLUMNS for symbol in symbols)


def _is_abstract(names: Names, id: ClassId) -> bool:
    assigned = names.class_table(id).assigned.get("__abstract__")
    return assigned is not None and literal(assigned.value) is True


def _is_table(names: Names, id: ClassId) -> bool:
    """SQLModel maps a class with `table=True`; its subclasses say so again, or are plain schemas."""
    return any(name == "table" and literal(value) is True for name, value in names.facts[id.file].classes[id.index].keywords)


def _is_mapped_by_local_registry(names: Names, id: ClassId) -> bool:
    """`@reg.mapped` where what `reg` is cannot be told: nothing else decorates a class with such a name and a table."""
    for decorator in names.facts[id.file].classes[id.index].decorators:
        plain = decorator.func if isinstance(decorator, ops.Call) else decorator
        if isinstance(plain, ops.Attribute) and plain.name in ("mapped", "mapped_as_dataclass"):
            return not {"__tablename__", "__table__"}.isdisjoint(names.class_table(id).assigned)
    return False


def _enter_imperative(names: Names, function: FunctionId, call: ops.Call, found: MappedClasses) -> None:
    mapper = names.resolve(function, call.func)
    is_registry = isinstance(call.func, ops.Attribute) and call.func.name == "map_imperatively"
    if not is_registry and not (isinstance(mapper, External) and mapper.name in IMPERATIVE_MAPPERS):
        return
    target = argument(call, 0, "class_")
    symbol = names.resolve(function, target) if target is not None else None
    if isinstance(symbol, ClassSymbol):
        given = argument(call, 2, "properties")
        found.imperative.setdefault(symbol.id, []).append(Imperative(function, argument(call, 1, "local_table"), entries(given)))
