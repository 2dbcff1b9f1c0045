"""The loader option that would have loaded what was read: an expression for a query's `options(...)`."""

from __future__ import annotations

from sessionlint.link import ClassId, MappedAttribute, Program
from sessionlint.solve.events import AttributeRead


def loader_option(program: Program, read: AttributeRead) -> str:
    """`selectinload(Order.lines).joinedload(Line.product)`; empty where no query is known, or not the way from it to the attribute.

    Collections get `selectinload`, a to-one `joinedload`, columns `undefer`, as SQLAlchemy's page on relationship loading advises.
    """
    parts: list[str] = []
    entity: ClassId | None = read.entity
    for name in read.loader_path:
        found = _attribute(program, entity, name, read.model)
        if found is None:
            return ""
        owner, attribute = found
        parts.append(f"{_strategy(attribute)}({owner}.{name})")
        entity = attribute.target
    return ".".join(parts)


def _attribute(program: Program, entity: ClassId | None, name: str, reader: ClassId) -> tuple[str, MappedAttribute] | None:
    """The attribute and the class to name it by: the queried one, or the subclass on which alone it exists."""
    for candidate in (entity, reader):
        model = program.models.get(candidate) if candidate is not None else None
        if model is not None and name in model.attributes:
            return model.name, model.attributes[name]
        if entity is None:
            return None
    return None


def _strategy(attribute: MappedAttribute) -> str:
    if attribute.kind != "relationship":
        return "undefer"
    return "selectinload" if attribute.uselist else "joinedload"
