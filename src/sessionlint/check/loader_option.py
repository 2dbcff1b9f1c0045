"""The loader options that would have loaded what was read: for the query that the story tells of as an expression, for all as data."""

from __future__ import annotations

from sessionlint.check.finding import LoadStep, MissingLoad
from sessionlint.link import ClassId, MappedAttribute, Program
from sessionlint.solve.events import AttributeRead, Origin


def loader_option(program: Program, read: AttributeRead) -> str:
    """`selectinload(Order.lines).joinedload(Line.product)`; empty where no query is known, or not the way from it to the attribute.

    Collections get `selectinload`, a to-one `joinedload`, columns `undefer`, as SQLAlchemy's page on relationship loading advises.
    """
    steps = _steps(program, read.entity, read.loader_path, read.model)
    return ".".join(f"{step.strategy}({program.models[step.owner].name}.{step.name})" for step in steps)


def missing_loads(program: Program, read: AttributeRead) -> tuple[MissingLoad, ...]:
    """What the queries lack from which the read is reached; nothing where an option would not help, for what it loads has expired."""
    if read.cause == "expired":
        return ()
    return tuple(load for origin in read.origins if (load := _missing(program, origin)).steps)


def _missing(program: Program, origin: Origin) -> MissingLoad:
    given = tuple((given.path, given.strategy) for given in origin.given)
    return MissingLoad(origin.query, origin.entity, _steps(program, origin.entity, origin.path, origin.model), given, origin.methods)


def _steps(program: Program, entity: ClassId | None, path: tuple[str, ...], reader: ClassId) -> tuple[LoadStep, ...]:
    """The way from the queried class to the attribute; empty where it is not known."""
    found: list[LoadStep] = []
    for name in path:
        attribute = _attribute(program, entity, name, reader)
        if attribute is None:
            return ()
        owner, mapped = attribute
        found.append(LoadStep(owner, name, _strategy(mapped)))
        entity = mapped.target
    return tuple(found)


def _attribute(program: Program, entity: ClassId | None, name: str, reader: ClassId) -> tuple[ClassId, MappedAttribute] | None:
    """The attribute and the class to name it by: the queried one, or the subclass on which alone it exists."""
    for candidate in (entity, reader):
        model = program.models.get(candidate) if candidate is not None else None
        if model is not None and name in model.attributes:
            return model.id, model.attributes[name]
        if entity is None:
            return None
    return None


def _strategy(attribute: MappedAttribute) -> str:
    if attribute.kind != "relationship":
        return "undefer"
    return "selectinload" if attribute.uselist else "joinedload"
