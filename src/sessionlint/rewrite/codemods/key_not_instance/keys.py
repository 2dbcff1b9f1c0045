"""Primary keys: what they are of a model, how they are written, and how an instance is got by one. Entry point: `Key`."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.facts import ops
from sessionlint.link import ClassId, ClassSymbol, External, FunctionId, FunctionSymbol, Program, VariableSymbol
from sessionlint.rewrite.codemod import Lines, Refusal
from sessionlint.rewrite.imports import Imported, importing
from sessionlint.rewrite.reading.walk import dotted, read_names

_SESSIONS = ("Session", "AsyncSession")
_FACTORIES = ("sessionmaker", "async_sessionmaker", "scoped_session", "async_scoped_session")


@dataclass(frozen=True, slots=True)
class Key:
    """The attributes of a model that are its primary key, in their order."""

    model: ClassId
    name: str
    attributes: tuple[str, ...]

    def text(self, instance: str) -> str:
        """The key of an instance, as an expression."""
        parts = [f"{instance}.{attribute}" for attribute in self.attributes]
        return parts[0] if len(parts) == 1 else f"({', '.join(parts)})"

    def named(self, instance: str) -> str:
        """What a variable for the key of an instance is called."""
        return f"{instance}_{self.attributes[0]}" if len(self.attributes) == 1 else f"{instance}_key"


def key_of(program: Program, model: ClassId) -> Key | None:
    """The primary key of a model; None where it is not known."""
    known = program.models.get(model)
    found = [attribute for attribute in known.attributes.values() if attribute.is_primary_key] if known is not None else []
    if known is None or not found or len({attribute.owner for attribute in found}) > 1:
        return None
    found.sort(key=lambda attribute: (attribute.at.range.row, attribute.at.range.column))
    return Key(model, known.name, tuple(attribute.name for attribute in found))


def annotation(program: Program, key: Key) -> str:
    """How a key is annotated: as its column says, where that is plain; else empty."""
    known = program.models[key.model].attributes[key.attributes[0]]
    declared = program.class_attribute(known.owner, known.name) if len(key.attributes) == 1 else None
    meaning = program.annotation_in_class(declared[0], declared[2]) if declared is not None and declared[2] is not None else None
    symbol = meaning.symbol if meaning is not None and not meaning.container else None
    is_plain = isinstance(symbol, External) and symbol.name in ("builtins.int", "builtins.str")
    return symbol.name.rpartition(".")[2] if is_plain and isinstance(symbol, External) else ""


def class_in(program: Program, function: FunctionId, key: Key) -> Imported | Refusal:
    """How a function reaches the model's class."""
    if program.lookup(function, key.name) == ClassSymbol(key.model):
        return Imported(key.name)
    return importing(program, function, program.files[key.model.file].source.module, key.name)


def is_taken(program: Program, function: FunctionId, name: str) -> bool:
    """Whether a name already stands for something in a function."""
    facts = program.function(function)
    return name in facts.names or name in read_names(program.files[function.file].facts, *facts.body)


def opens_session(program: Program, function: FunctionId, context: ops.Expr) -> bool:
    """Whether the context of a `with` hands out a session: `SessionLocal()`, `SessionLocal.begin()`, `Session(engine)`, a scope."""
    if not isinstance(context, ops.Call):
        return False
    func = context.func
    symbol = program.resolve(function, func)
    if isinstance(symbol, FunctionSymbol):
        return symbol.id in program.scopes
    if isinstance(func, ops.Attribute) and func.name == "begin":
        symbol = program.resolve(function, func.value)
    if isinstance(symbol, VariableSymbol):
        symbol = program.instance_of(symbol)
        return isinstance(symbol, External) and symbol.name.rpartition(".")[2] in _FACTORIES
    return isinstance(symbol, External) and symbol.name.startswith("sqlalchemy.") and symbol.name.rpartition(".")[2] in _SESSIONS


def text_of(lines: Lines, file: str, expression: ops.Expr) -> str:
    """An expression of one line as it is written."""
    at = expression.at
    return lines[file][at.row - 1][at.column - 1 : at.end_column - 1] if at.row == at.end_row else dotted(expression)
