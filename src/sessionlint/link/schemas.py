"""What a serializer's class reads of the object that it is given: the fields of Pydantic models, SQLModel and marshmallow schemas.

Entry point: `Schemas.of`. Facts about Pydantic: https://docs.pydantic.dev/latest/concepts/models/#arbitrary-class-instances
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.frameworks.serializers import MARSHMALLOW, PYDANTIC, READING, ROOT_MODEL
from sessionlint.link.names.annotations import AnnotationMeaning
from sessionlint.link.names.walk import argument, keyword, literal, text
from sessionlint.link.program import Program
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, FunctionSymbol, VariableSymbol


@dataclass(frozen=True, slots=True)
class SchemaField:
    """A field, the attributes it may be read from (the first that there is), and what is read in turn of what is found there; or the
    `function` that is given the object to make its value (`is_method` says that it is the schema's)."""

    name: str
    sources: tuple[str, ...]
    meaning: AnnotationMeaning
    function: FunctionId | None = None
    is_method: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """A class that serializes. `library` is `pydantic` or `marshmallow`; `reads_attributes` says whether it takes objects at all
    (Pydantic's `from_attributes`), `root` what a model of one value without a name holds."""

    id: ClassId
    library: str
    fields: tuple[SchemaField, ...]
    reads_attributes: bool
    root: AnnotationMeaning | None = None


@dataclass(slots=True)
class Schemas:
    """The schemas of a program, made when they are asked for."""

    program: Program
    _known: dict[ClassId, Schema | None] = field(default_factory=dict)

    def of(self, id: ClassId) -> Schema | None:
        """The schema that a class is; None for other classes, and for those of which the fields say too little."""
        if id not in self._known:
            self._known[id] = None
            externals = self.program.hierarchy.external_ancestors(id)
            if externals & PYDANTIC:
                self._known[id] = _pydantic(self.program, id, bool(externals & READING))
            elif externals & MARSHMALLOW.keys():
                self._known[id] = _marshmallow(self.program, id)
        return self._known[id]


# -- Pydantic ---------------------------------------------------------------------------------------------------------

_REPLACING = frozenset({"pydantic.model_validator", "pydantic.root_validator", "pydantic.class_validators.root_validator"})
_OVERRIDES = ("model_validate", "from_orm", "__get_pydantic_core_schema__", "__get_validators__", "validate")


def _pydantic(program: Program, id: ClassId, default: bool) -> Schema | None:
    lineage = program.model_lineage(id)
    if any(_is_replaced(program, owner) for owner in lineage):
        return None
    reads = _setting(program, lineage, ("from_attributes", "orm_mode"))
    by_name = _setting(program, lineage, ("populate_by_name", "validate_by_name", "allow_population_by_field_name"))
    is_renamed = _setting(program, lineage, ("alias_generator",)) is not None and by_name is not True
    found: dict[str, SchemaField] = {}
    for owner in reversed(lineage):
        for name, assigned in program.names.class_table(owner).assigned.items():
            if assigned.annotation is None or name.startswith(("_", "model_config")):
                continue
            meaning = program.annotation_in_class(owner, assigned.annotation)
            is_class_variable = meaning.wrapper.endswith("ClassVar") or _mentions_class_var(assigned.annotation)
            if is_class_variable or (is_renamed and "_" in name):
                continue
            aliases = _aliases(assigned.value) or next((given for extra in meaning.metadata if (given := _aliases(extra))), ())
            found[name] = SchemaField(name, (*aliases, *((name,) if by_name is True or not aliases else ())), meaning)
    root = _root(program, lineage, found)
    return Schema(id, "pydantic", tuple(found.values()), reads is True or (reads is None and default) or root is not None, root)


def _root(program: Program, lineage: tuple[ClassId, ...], fields: dict[str, SchemaField]) -> AnnotationMeaning | None:
    """What a `RootModel` holds: `root: list[UserOut]`, or what stands in brackets after its name."""
    if External(ROOT_MODEL) not in program.mro(lineage[0]):
        return None
    if "root" in fields:
        return fields["root"].meaning
    for owner in lineage:
        for base in program.class_(owner).bases:
            if isinstance(base, ops.Subscript) and program.resolve_in_class(owner, base.value) == External(ROOT_MODEL):
                return program.annotation_in_class(owner, base.index)
    return None


def _is_replaced(program: Program, owner: ClassId) -> bool:
    """Whether a class decides itself what becomes of an object before any field is read."""
    facts = program.class_(owner)
    if any(name in facts.methods for name in _OVERRIDES):
        return True
    for index in facts.methods.values():
        for decorator in program.files[owner.file].facts.functions[index].decorators:
            if isinstance(decorator, ops.Call):
                symbol = program.resolve_in_class(owner, decorator.func)
                mode = text(keyword(decorator, "mode")) or ("before" if literal(keyword(decorator, "pre")) else "")
                if isinstance(symbol, External) and symbol.name in _REPLACING and mode in {"before", "wrap"}:
                    return True
    return False


def _setting(program: Program, lineage: tuple[ClassId, ...], names: tuple[str, ...]) -> bool | None:
    """A setting of the nearest class that has it, in `model_config`, an inner `Config` or the class's keywords; True for what is no
    constant."""
    for owner in lineage:
        given = [value for key, value in program.class_(owner).keywords if key in names]
        given += [value for key, value in _config(program, owner) if key in names]
        if given:
            value = given[0]
            return value.value is True if isinstance(value, ops.Constant) else True
    return None


def _config(program: Program, owner: ClassId) -> list[tuple[str, Expr]]:
    table = program.names.class_table(owner)
    found: list[tuple[str, Expr]] = []
    assigned = table.assigned.get("model_config")
    value = assigned.value if assigned is not None else None
    if isinstance(value, ops.Name | ops.Attribute):
        symbol = program.resolve_in_class(owner, value)
        known = program.names.value_of(symbol) if isinstance(symbol, VariableSymbol) else None
        value = known[1] if known is not None else None
    if isinstance(value, ops.Call):
        found += [(given.name, given.value) for given in value.keywords if given.name is not None]
    elif isinstance(value, ops.DictDisplay):
        found += [(text(key), given) for key, given in zip(value.keys, value.values, strict=True)]
    for index, inner in enumerate(program.files[owner.file].facts.classes):
        if inner.owner == owner.index and inner.name == "Config":
            for above in reversed(program.model_lineage(ClassId(owner.file, index))):
                own = program.names.class_table(above).assigned.items()
                found = [(name, given.value) for name, given in own if given.value is not None] + found
    return found


def _aliases(value: Expr | None) -> tuple[str, ...]:
    """The names under which `Field(…)` looks for a value."""
    if not isinstance(value, ops.Call):
        return ()
    given = keyword(value, "validation_alias") or keyword(value, "alias")
    if isinstance(given, ops.Call):
        return tuple(text(argument(choice, 0)) if isinstance(choice, ops.Call) else text(choice) for choice in given.args)
    return (text(given),) if text(given) else ()


def _mentions_class_var(annotation: Expr) -> bool:
    named = annotation.value if isinstance(annotation, ops.Subscript) else annotation
    match named:
        case ops.Name(id="ClassVar") | ops.Attribute(name="ClassVar"):
            return True
        case ops.Constant(value=str() as quoted):
            return quoted.partition("[")[0].endswith("ClassVar")
        case _:
            return False


# -- marshmallow ------------------------------------------------------------------------------------------------------


def _marshmallow(program: Program, id: ClassId) -> Schema | None:
    found: dict[str, SchemaField] = {}
    excluded = _meta(program, id, "exclude")
    for owner in reversed(program.model_lineage(id)):
        for name, assigned in program.names.class_table(owner).assigned.items():
            value = assigned.value
            if isinstance(value, ops.Call) and name not in excluded and literal(keyword(value, "load_only")) is not True:
                source = text(keyword(value, "attribute")).partition(".")[0] or name
                kind = _field_kind(program, owner, value)
                if kind in {"Method", "Function"}:
                    function = _computing(program, owner, value, id)
                    found[name] = SchemaField(name, (), AnnotationMeaning(), function, kind == "Method")
                elif kind not in {"Constant", ""}:
                    found[name] = SchemaField(name, (source,), _nested(program, owner, value, id))
    for name in _meta(program, id, "fields") + _meta(program, id, "additional"):
        found.setdefault(name, SchemaField(name, (name,), AnnotationMeaning()))
    if _is_automatic(program, id):
        for name in _of_model(program, id):
            if name not in excluded:
                found.setdefault(name, SchemaField(name, (name,), AnnotationMeaning()))
    return Schema(id, "marshmallow", tuple(found.values()), True)


_FIELD_LIBRARIES = frozenset({"marshmallow", "flask_marshmallow", "marshmallow_sqlalchemy"})


def _field_kind(program: Program, owner: ClassId, call: ops.Call) -> str:
    """The class of a field, by its last name: `fields.Nested`, `ma.List`; empty for what is no field."""
    symbol = program.resolve_in_class(owner, call.func)
    is_field = isinstance(symbol, External) and symbol.name.partition(".")[0] in {
        "marshmallow",
        "flask_marshmallow",
        "marshmallow_sqlalchemy",
    }
    return symbol.name.rpartition(".")[2] if is_field and isinstance(symbol, External) else ""


def _computing(program: Program, owner: ClassId, call: ops.Call, id: ClassId) -> FunctionId | None:
    """What `Method("total")` and `Function(lambda order: …)` call with the object."""
    given = argument(call, 0, "serialize")
    if given is None:
        return None
    if isinstance(given, ops.Lambda):
        return FunctionId(owner.file, given.function)
    if text(given):
        return program.method(id, text(given))
    symbol = program.resolve_in_class(owner, given)
    return symbol.id if isinstance(symbol, FunctionSymbol) else None


def _nested(program: Program, owner: ClassId, call: ops.Call, itself: ClassId) -> AnnotationMeaning:
    """What a field reads in turn: `Nested(OrderSchema, many=True)`, `List(Nested(…))`."""
    kind, inner = _field_kind(program, owner, call), argument(call, 0, "nested")
    if kind == "List" and isinstance(inner, ops.Call):
        return AnnotationMeaning(None, "list", _nested(program, owner, inner, itself))
    is_narrowed = keyword(call, "only") is not None or keyword(call, "exclude") is not None
    if kind not in {"Nested", "Pluck"} or inner is None or is_narrowed or kind == "Pluck":
        return AnnotationMeaning()
    cls: ClassId | None = None
    if text(inner):
        names = [item for item in program.hierarchy.classes() if program.class_(item).name == text(inner).rpartition(".")[2]]
        cls = itself if text(inner) == "self" else names[0] if len(names) == 1 else None
    else:
        called = inner.func if isinstance(inner, ops.Call) else inner
        symbol = program.resolve_in_class(owner, called)
        cls = symbol.id if isinstance(symbol, ClassSymbol) else None
    if cls is None or cls == itself:
        return AnnotationMeaning()
    meaning = AnnotationMeaning(ClassSymbol(cls))
    return AnnotationMeaning(None, "list", meaning) if literal(keyword(call, "many")) is True else meaning


def _meta_value(program: Program, id: ClassId, name: str) -> tuple[ClassId, Expr] | None:
    for owner in program.model_lineage(id):
        for index, inner in enumerate(program.files[owner.file].facts.classes):
            if inner.owner == owner.index and inner.name == "Meta":
                found = program.class_attribute(ClassId(owner.file, index), name)
                if found is not None and found[1] is not None:
                    return owner, found[1]
    return None


def _meta(program: Program, id: ClassId, name: str) -> tuple[str, ...]:
    """The names in an option of `class Meta`."""
    found = _meta_value(program, id, name)
    items = found[1].items if found is not None and isinstance(found[1], ops.Display) else ()
    return tuple(text(item) for item in items)


def _is_automatic(program: Program, id: ClassId) -> bool:
    externals = program.hierarchy.external_ancestors(id)
    return any(MARSHMALLOW.get(name) == "auto" for name in externals)


def _of_model(program: Program, id: ClassId) -> list[str]:
    """The attributes that an automatic schema takes over from its model: columns, and relationships where `Meta` says so."""
    declared = _meta_value(program, id, "model")
    symbol = program.resolve_in_class(declared[0], declared[1]) if declared is not None else None
    model = program.models.get(symbol.id) if isinstance(symbol, ClassSymbol) else None
    related = _meta_value(program, id, "include_relationships")
    kinds = {"column", "deferred"} | ({"relationship"} if related is not None and literal(related[1]) is True else set())
    return [name for name, attribute in model.attributes.items() if attribute.kind in kinds] if model is not None else []
