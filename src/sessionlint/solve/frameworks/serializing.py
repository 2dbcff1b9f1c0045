"""What serializers read of instances: Pydantic, SQLModel, marshmallow, `asdict`, the response models of routes.

Entry points: `serialized`, `constructed`, `taken_apart`, `responder`. A serializer's reads have no line in the project: they belong to
the call that serializes, or to the endpoint's `return`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.facts import ops
from sessionlint.knowledge.containers import CONTAINERS
from sessionlint.knowledge.frameworks.serializers import DUMPING, ROOT_MODEL, VALIDATING
from sessionlint.link import AnnotationMeaning
from sessionlint.link.responses import response_meaning
from sessionlint.link.schemas import Schema, SchemaField
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, VariableSymbol
from sessionlint.solve.calls.unknowns import unknown_call
from sessionlint.solve.events import SerializedRead
from sessionlint.solve.state.objects import Arguments, Collection, Instance, Object, Result, TypeForm
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import NONE, TRUE, ClassValue, Const, ExternalValue, FunctionValue, Method, Ref, Value
from sessionlint.solve.walk.machine import Frame, Machine, Reading, Results, Returned
from sessionlint.source import Range

_GENERIC = CONTAINERS.keys() | {"typing.Optional", "typing.Union", ROOT_MODEL}
"""Types that say something of what they hold when they are used as values."""

_MAX_NESTING = 4
"""Schemas in schemas that are followed; a schema may hold itself."""


@dataclass(slots=True)
class _Walk:
    """One serialization."""

    machine: Machine
    frame: Frame
    at: Range
    takes_objects: bool
    reading: Reading
    without: frozenset[str] = frozenset()
    only: frozenset[str] | None = None

    def read(
        self, state: PathState, raw: Value, meaning: AnnotationMeaning, given: AnnotationMeaning | None = None, depth: int = 0
    ) -> PathState:
        """Read of a value what a field of this meaning takes; `given` is the argument of the generic schema around."""
        value, found = state.value(raw), state.object(raw)
        if isinstance(meaning.symbol, VariableSymbol) and given is not None:
            meaning = given
        if meaning.container and meaning.element is not None:
            items = (*(found.items or ()), *found.elements) if isinstance(found, Collection) else ()
            for item in (found.row,) if isinstance(found, Result) else items:
                state = self.read(state, item, meaning.element, given, depth)
            return state
        if meaning.symbol == External(ROOT_MODEL) and meaning.element is not None:
            return self.read(state, raw, meaning.element, given, depth + 1)
        schemas = [schema for one in (meaning, *meaning.alternatives) if (schema := self._schema(one)) is not None]
        if len(schemas) != 1 or depth > _MAX_NESTING:
            return state  # of several schemas one may fit
        if schemas[0].root is not None:
            return self.read(state, raw, schemas[0].root, meaning.element, depth + 1)
        return self._by_schema(state, value, schemas[0], meaning.element, depth)

    def _by_schema(self, state: PathState, value: Value, schema: Schema, given: AnnotationMeaning | None, depth: int) -> PathState:
        """Read of a value what the fields of a schema take."""
        found = state.object(value)
        if isinstance(found, Instance) and isinstance(value, Ref) and (self.takes_objects or schema.reads_attributes):
            if schema.id not in self.machine.program.model_lineage(found.model) and not found.is_opaque:
                state = self._fields(state, value, found, schema, given, depth)
        elif isinstance(found, Collection) and found.kind == "dict" and found.items is not None:
            by_name = {source: field for field in schema.fields for source in (field.name, *field.sources)}
            for key, item in zip(found.keys, found.items, strict=True):
                if isinstance(key, str) and key in by_name:
                    state = self.read(state, item, by_name[key].meaning, given, depth + 1)
        return state

    def _schema(self, meaning: AnnotationMeaning) -> Schema | None:
        return self.machine.schemas.of(meaning.symbol.id) if isinstance(meaning.symbol, ClassSymbol) and not meaning.container else None

    def _fields(
        self, state: PathState, value: Ref, thing: Instance, schema: Schema, given: AnnotationMeaning | None, depth: int
    ) -> PathState:
        model = self.machine.program.models.get(thing.model)
        for field in schema.fields if model is not None else ():
            source = next((name for name in field.sources if model is not None and name in model.attributes), None)
            is_left_out = depth == 0 and (field.name in self.without or (self.only is not None and field.name not in self.only))
            if is_left_out or (source is None and field.function is None):
                continue
            known = len(self.reading.found)
            results = self._computed(state, value, schema, field) or self.machine.read(
                self.frame, state, value, source or "", self.at, self.at
            )
            if not results:
                return state
            state, inner = results[0]
            has_failed = any(event.status != "attached" for event in self.reading.found[known:])
            held, self.reading.found = self.reading.found, self.reading.behind if has_failed else self.reading.found
            state = self.read(state, inner, field.meaning, given, depth + 1)
            self.reading.found = held
        return state

    def _computed(self, state: PathState, value: Ref, schema: Schema, field: SchemaField) -> Results:
        """What a function of the project makes of the object for a field."""
        if field.function is None:
            return []
        bound = state.put(self.frame.site(self.at, "schema"), Object(schema.id)) if field.is_method else None
        function = FunctionValue(field.function, None, bound, schema.id if field.is_method else None)
        return self.machine.call(self.frame, state, function, Arguments((value,), (), True), self.at)


def _serialize(
    machine: Machine,
    frame: Frame,
    state: PathState,
    value: Value,
    meaning: AnnotationMeaning,
    at: Range,
    by: str,
    *,
    takes_objects: bool = False,
    without: frozenset[str] = frozenset(),
    only: frozenset[str] | None = None,
) -> PathState:
    """Read what a serializer reads, and tell of what is not there."""
    before, machine.reading = machine.reading, Reading(frame, [])
    try:
        walk = _Walk(machine, frame, at, takes_objects, machine.reading, without, only)
        return walk.read(state, value, meaning)
    finally:
        reading, machine.reading = machine.reading, before
        _tell(machine, reading, by, at)


def _tell(machine: Machine, reading: Reading, by: str, at: Range) -> None:
    """A serializer fails on the first thing that it cannot read, itself or in a property; what would only be loaded is an ordinary read."""
    failing = [event for event in reading.found if event.status != "attached"]
    serialized = [event for event in failing if event.kind == "relationship" or event.status == "async"]
    for event in serialized:
        machine.recorder.add(SerializedRead(reading.frame.at(at), reading.frame.function, event.history, event, by))
    for event in [event for event in reading.behind if event.status != "attached"]:
        machine.recorder.add(SerializedRead(reading.frame.at(at), reading.frame.function, event.history, event, by, is_behind=True))
    for event in [event for event in reading.found if event.status == "attached"] + ([] if serialized else failing[:1]):
        machine.recorder.add(event)


def is_serializer(machine: Machine, cls: ClassId, name: str, *, is_class: bool) -> bool:
    """Whether `name` is a method of the class, or of its instances, that serializes."""
    if name not in (VALIDATING if is_class else DUMPING):
        return False
    schema = machine.schemas.of(cls)
    return schema is not None and schema.library == ("pydantic" if is_class else "marshmallow")


def serialized(machine: Machine, frame: Frame, state: PathState, receiver: Value, name: str, arguments: Arguments, at: Range) -> Results:
    """Call a method for which `is_serializer` holds."""
    found = state.object(receiver)
    if isinstance(receiver, ClassValue):
        return _validated(machine, frame, state, receiver, name, arguments, at)
    if isinstance(found, Object) and is_serializer(machine, found.cls, name, is_class=False):
        return _dumped(machine, frame, state, found, arguments, at)
    return unknown_call(machine, frame, state, Method(receiver, name), arguments, at)


def _validated(machine: Machine, frame: Frame, state: PathState, cls: ClassValue, name: str, arguments: Arguments, at: Range) -> Results:
    """`UserOut.model_validate(user)`."""
    schema, given = machine.schemas.of(cls.id), arguments.get(0, "obj")
    forced = dict(arguments.keywords).get("from_attributes") == TRUE
    update = state.object(dict(arguments.keywords).get("update"))
    without = frozenset(str(key) for key in update.keys) if isinstance(update, Collection) else frozenset()
    is_known = "update" not in dict(arguments.keywords) or (isinstance(update, Collection) and update.items is not None)
    model = machine.program.models.get(cls.id)
    if schema is None or given is None or not is_known or not (forced or schema.reads_attributes):
        return unknown_call(machine, frame, state, Method(cls, name), arguments, at)
    if model is not None and model.is_mapped:
        return machine.call(frame, state, cls, Arguments((), (), True), at)
    by, meaning = machine.program.class_(cls.id).name, AnnotationMeaning(ClassSymbol(cls.id))
    after = _serialize(machine, frame, state, given, meaning, at, by, takes_objects=forced, without=without)
    machine.may_raise(frame, after, at)
    return [(after, after.put(frame.site(at, "validated"), Object(cls.id)))]


def constructed(machine: Machine, frame: Frame, state: PathState, cls: ClassId, arguments: Arguments, at: Range) -> PathState:
    """`Envelope(user=user)`: nested models read the instances that they are given."""
    schema = machine.schemas.of(cls)
    if schema is not None and schema.root is not None and (given := arguments.get(0, "root")) is not None:
        return _serialize(machine, frame, state, given, schema.root, at, machine.program.class_(cls).name)
    for name, value in arguments.keywords if schema is not None and schema.library == "pydantic" else ():
        if isinstance(state.object(value), Instance | Collection):
            meaning = next((field.meaning for field in schema.fields if name in (field.name, *field.sources)), None) if schema else None
            if meaning is not None:
                state = _serialize(machine, frame, state, value, meaning, at, machine.program.class_(cls).name)
    return state


def type_form(machine: Machine, frame: Frame, state: PathState, value: Value, expr: ops.Subscript) -> Results:
    """`List[UserOut]` and its like as a value; nothing where the brackets mean anything else."""
    if not isinstance(value, ExternalValue) or value.name not in _GENERIC:
        return []
    meaning = machine.program.annotation(frame.function, expr)
    return [(state, state.put(frame.site(expr.at, "type"), TypeForm(meaning, value)))]


def _meaning_of(state: PathState, value: Value | None) -> AnnotationMeaning | None:
    """What a type says that stands among the arguments of a call."""
    found = state.object(value)
    if isinstance(found, TypeForm):
        return found.meaning
    return AnnotationMeaning(ClassSymbol(value.id)) if isinstance(value, ClassValue) else None


def adapter(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`TypeAdapter(List[UserOut])`."""
    meaning = _meaning_of(state, arguments.get(0, "type"))
    if meaning is None:
        return [(state, machine.fresh(frame, state, at, "adapter"))]
    return [(state, state.put(frame.site(at, "adapter"), TypeForm(meaning, None)))]


def adapted(
    machine: Machine, frame: Frame, state: PathState, receiver: Ref, form: TypeForm, name: str, arguments: Arguments, at: Range
) -> Results:
    """`adapter.validate_python(users)`, `RootModel[List[UserOut]].model_validate(users)`."""
    given = arguments.get(0, "object" if form.origin is None else "obj")
    wanted = "validate_python" if form.origin is None else "model_validate"
    if given is None or name != wanted:
        return unknown_call(machine, frame, state, Method(receiver, name), arguments, at)
    forced = dict(arguments.keywords).get("from_attributes") == TRUE
    return _held_against(machine, frame, state, given, form.meaning, at, forced=forced)


def rooted(machine: Machine, frame: Frame, state: PathState, form: TypeForm, arguments: Arguments, at: Range) -> Results:
    """`RootModel[List[UserOut]](users)`; a call of any other type with brackets is one of the type."""
    given = arguments.get(0, "root")
    if form.origin == ExternalValue(ROOT_MODEL) and given is not None:
        return _held_against(machine, frame, state, given, form.meaning, at)
    return machine.call(frame, state, form.origin or NONE, arguments, at)


def parsed(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`parse_obj_as(List[UserOut], users)`."""
    meaning, given = _meaning_of(state, arguments.get(0, "type_")), arguments.get(1, "obj")
    if meaning is None or given is None:
        return [(state, machine.fresh(frame, state, at, "parsed"))]
    return _held_against(machine, frame, state, given, meaning, at)


def _held_against(
    machine: Machine, frame: Frame, state: PathState, given: Value, meaning: AnnotationMeaning, at: Range, *, forced: bool = False
) -> Results:
    inner: AnnotationMeaning | None = meaning
    while inner is not None and not isinstance(inner.symbol, ClassSymbol):
        inner = inner.element
    by = machine.program.class_(inner.symbol.id).name if inner is not None and isinstance(inner.symbol, ClassSymbol) else ""
    after = _serialize(machine, frame, state, given, meaning, at, by, takes_objects=forced)
    machine.may_raise(frame, after, at)
    return [(after, machine.fresh(frame, after, at, "validated"))]


def _dumped(machine: Machine, frame: Frame, state: PathState, found: Object, arguments: Arguments, at: Range) -> Results:
    """`UserSchema(many=True).dump(users)`."""
    only, without = (_names(state, found.get(name)) for name in ("only", "exclude"))
    given = arguments.get(0, "obj")
    is_known = (only is not None or found.get("only") is None) and (without is not None or found.get("exclude") is None)
    if given is not None and is_known:
        single = AnnotationMeaning(ClassSymbol(found.cls))
        meaning = single if isinstance(state.object(given), Instance) else AnnotationMeaning(None, "list", single)
        by = machine.program.class_(found.cls).name
        state = _serialize(machine, frame, state, given, meaning, at, by, without=without or frozenset(), only=only)
    machine.may_raise(frame, state, at)
    return [(state, machine.fresh(frame, state, at, "dumped"))]


def _names(state: PathState, value: Value | None) -> frozenset[str] | None:
    """The field names in a schema's `only=` or `exclude=`; None where they are not known."""
    found = state.object(value)
    if not isinstance(found, Collection) or found.items is None:
        return None
    return frozenset(str(item.value).partition(".")[0] for item in found.items if isinstance(item, Const))


def taken_apart(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`dataclasses.asdict(user)`: every field of a mapped dataclass is read, and those of the dataclasses in it."""
    before, machine.reading = machine.reading, Reading(frame, [])
    for value in arguments.positional[:1]:
        state = _apart(machine, frame, state, value, at, 0)
    reading, machine.reading = machine.reading, before
    _tell(machine, reading, "asdict", at)
    machine.may_raise(frame, state, at)
    return [(state, machine.fresh(frame, state, at, "apart"))]


def _apart(machine: Machine, frame: Frame, state: PathState, raw: Value, at: Range, depth: int) -> PathState:
    value, found = state.value(raw), state.object(raw)
    if isinstance(found, Collection | Object):
        held = (*(found.items or ()), *found.elements) if isinstance(found, Collection) else tuple(item for _, item in found.fields)
        for item in held if depth <= _MAX_NESTING else ():
            state = _apart(machine, frame, state, item, at, depth + 1)
    model = machine.program.models.get(found.model) if isinstance(found, Instance) and not found.is_opaque else None
    if model is None or not model.is_dataclass or not isinstance(value, Ref) or machine.reading is None:
        return state
    for name, attribute in model.attributes.items() if depth <= _MAX_NESTING else ():
        if attribute.kind in {"column", "deferred", "relationship"} and not attribute.backref_of:
            known = len(machine.reading.found)
            results = machine.read(frame, state, value, name, at, at)
            state, inner = results[0] if results else (state, NONE)
            if all(event.status == "attached" for event in machine.reading.found[known:]):
                state = _apart(machine, frame, state, inner, at, depth + 1)
    return state


def responder(machine: Machine, function: FunctionId) -> Returned | None:
    """What happens to what a route returns, where it has a response model: FastAPI reads it by its attributes."""
    meaning = response_meaning(machine.program, function) if machine.has_injection else None
    if meaning is None:
        return None

    def respond(state: PathState, value: Value, at: Range, frame: Frame) -> None:
        if isinstance(state.object(value), Instance | Collection | Result) and not machine.guards:
            _serialize(machine, frame, state, value, meaning, at, "", takes_objects=True)

    return respond
