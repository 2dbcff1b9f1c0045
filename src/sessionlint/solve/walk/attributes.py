"""`value.name` of anything. Entry points: `read`, `write`."""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.knowledge import canonical
from sessionlint.knowledge.frameworks.flask_sqlalchemy import FLASK_CLASS, FLASK_DB
from sessionlint.knowledge.threads import QUEUED
from sessionlint.knowledge.waits import CLIENTS
from sessionlint.link.symbols import External, FunctionId, FunctionSymbol
from sessionlint.solve.calls.fields import field
from sessionlint.solve.frameworks.serializing import is_serializer
from sessionlint.solve.keeping import stores
from sessionlint.solve.meaning.names import external_value, symbol_value
from sessionlint.solve.meaning.statics import evaluated
from sessionlint.solve.orm import failures, inspecting, instances, registries
from sessionlint.solve.orm.ownership import escape
from sessionlint.solve.scopes import openings
from sessionlint.solve.state.objects import (
    Arguments,
    Collection,
    ContextManager,
    Factory,
    Foreign,
    HeapObject,
    Instance,
    Object,
    Query,
    Renderer,
    Session,
    State,
)
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import (
    FALSE,
    ClassValue,
    ExternalValue,
    FunctionValue,
    MappedName,
    Method,
    ModuleValue,
    Option,
    Ref,
    Super,
    Unknown,
    Value,
)
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.source import Range

MAPPED = frozenset({"column", "deferred", "column_property", "relationship", "synonym", "composite", "association_proxy", "hybrid"})


def read(  # noqa: C901 (one case a kind of value)
    machine: Machine, frame: Frame, state: PathState, value: Value, name: str, at: Range, reported: Range
) -> Results:
    """The attribute `name` of `value`; `reported` is where a finding about the read belongs."""
    value = state.value(value)
    if type(value) is Ref:
        return _of_object(machine, frame, state, value, name, at, reported)
    if type(value) is Unknown:
        return [(state, state.value(Unknown((*value.key, name))))]
    match value:
        case ModuleValue():
            return [(state, _of_module(machine, state, value, name))]
        case ExternalValue():
            return [(state, _of_external(machine, state, value, name))]
        case ClassValue():
            return [(state, _of_class(machine, frame, state, value, name, at))]
        case Method(name="@state"):
            return [(state, inspecting.seen(value.receiver, name) or instances.state_of(state, value.receiver, name))]
        case Method() if inspecting.is_view(value):
            return inspecting.part(machine, frame, state, value, name, reported)
        case Method(name="awaitable_attrs"):
            return instances.awaited(machine, frame, state, value.receiver, name, at)
        case Method(name=start) if isinstance(found := state.object(value.receiver), Foreign) and found.name in CLIENTS:
            return [(state, Method(value.receiver, f"{start}.{name}"))]
        case FunctionValue() if name in QUEUED and is_queued(machine, value.id):
            return [(state, Method(value, name))]
        case Option() | MappedName() | Super():
            return [(state, Method(value, name))]
        case _:
            return [(state, machine.fresh(frame, state, at, name))]


def is_queued(machine: Machine, function: FunctionId) -> bool:
    """Whether a decorator makes the function a task of a queue."""
    return any(point.kind == "task" for point in machine.program.entry_points.get(function, ()))


def _of_object(machine: Machine, frame: Frame, state: PathState, value: Ref, name: str, at: Range, reported: Range) -> Results:
    found = state.heap.get(value.key)
    if type(found) is Instance:
        return instances.read_mapped(machine, frame, state, value.key, found, name, at, reported)
    if type(found) is Object:
        return _of_own(machine, frame, state, value, found, name, at)
    return [(state, _of_library(machine, frame, state, value, found, name, at) if type(found) in _HAVING else Method(value, name))]


def _of_library(machine: Machine, frame: Frame, state: PathState, value: Ref, found: HeapObject | None, name: str, at: Range) -> Value:
    match found:
        case State() as store:
            if name in {"get", "setdefault", "update", "pop", "items", "keys", "values", "clear"}:
                return Method(value, name)
            return stores.take(machine, frame, state, store, name, at)
        case Collection() if found.kind == "tuple" and name not in {"count", "index"}:
            return _of_row(machine, state, value, found, name)
        case Collection() if machine.rendering is not None and found.kind == "dict" and name in found.keys:
            return state.value((found.items or found.elements)[found.keys.index(name)])
        case Renderer() if name in {"env", "jinja_env"}:
            return value
        case Session() as session:
            return _of_session(frame, state, value, session, name, at)
        case Factory() as factory if factory.is_scoped and name == "registry":
            return value
        case _:
            return Method(value, name)


_HAVING = frozenset({State, Collection, Renderer, Session, Factory})
"""Objects of which more than methods is known."""


def _of_session(frame: Frame, state: PathState, value: Ref, session: Session, name: str, at: Range) -> Value:
    if name == "no_autoflush":
        return state.put(frame.site(at, "unflushed"), ContextManager("unflushed", value))
    return FALSE if name == "is_active" and session.failure is not None else Method(value, name)


def _of_row(machine: Machine, state: PathState, value: Ref, found: Collection, name: str) -> Value:
    """`row.User`: a row's entity by the name of its class; `row._mapping` and the like hold the same."""
    if name.startswith("_"):
        return value
    for item in found.items or ():
        thing = state.object(item)
        model = machine.program.models.get(thing.model) if isinstance(thing, Instance) else None
        if model is not None and model.name == name:
            return state.value(item)
    return Unknown((*value.key, name))


def _of_own(machine: Machine, frame: Frame, state: PathState, value: Ref, found: Object, name: str, at: Range) -> Results:
    known = found.get(name)
    if known is not None:
        return [(state, state.value(known))]
    method = machine.program.method(found.cls, name)
    if method is not None:
        kinds = machine.program.decorator_names(method)
        if kinds & {"builtins.property", "functools.cached_property"}:
            return machine.call(frame, state, FunctionValue(method, None, value, found.cls), Arguments(), at)
        if "builtins.staticmethod" in kinds:
            return [(state, FunctionValue(method, None, None, found.cls))]
        if "builtins.classmethod" in kinds:
            return [(state, FunctionValue(method, None, ClassValue(found.cls), found.cls))]
        plain = symbol_value(machine, state, FunctionSymbol(method))
        if isinstance(plain, FunctionValue) and plain.bound is None:
            return [(state, FunctionValue(plain.id, plain.env, value, found.cls if plain.id == method else plain.owner))]
        return [(state, plain)]
    if is_serializer(machine, found.cls, name, is_class=False):
        return [(state, Method(value, name))]
    if name == "session" and any(isinstance(base, External) and base.name == FLASK_CLASS for base in machine.program.mro(found.cls)):
        return [(state, registries.flask_session(state))]
    result = field(machine, frame, state, value, found, name)
    state.heap[value.key] = replace(found, seen=(*found.seen, (name, result)))
    return [(state, state.value(result))]


def _of_module(machine: Machine, state: PathState, value: ModuleValue, name: str) -> Value:
    symbol = machine.program.member(value.name, name)
    return symbol_value(machine, state, symbol) if symbol is not None else Unknown(("module", value.name, name))


def _of_external(machine: Machine, state: PathState, value: ExternalValue, name: str) -> Value:
    if value.name == FLASK_DB:
        if name == "session":
            return registries.flask_session(state)
        return ExternalValue(canonical(f"sqlalchemy.orm.{name}" if name.endswith("load") else f"sqlalchemy.{name}"))
    return external_value(state, canonical(f"{value.name}.{name}"), machine)


def _of_class(machine: Machine, frame: Frame, state: PathState, value: ClassValue, name: str, at: Range) -> Value:
    model = machine.program.models.get(value.id)
    attribute = model.attributes.get(name) if model is not None else None
    if attribute is not None and attribute.kind in MAPPED:
        return MappedName(value.id, name)
    method = machine.program.method(value.id, name)
    if method is None and is_serializer(machine, value.id, name, is_class=True):
        return Method(value, name)
    if method is not None:
        kinds = machine.program.decorator_names(method)
        bound = value if "builtins.classmethod" in kinds else None
        return FunctionValue(method, None, bound, value.id)
    declared = machine.program.class_attribute(value.id, name)
    if declared is not None and declared[1] is not None and registries.registry_of(declared[1]) is None:
        return evaluated(machine, state, FunctionId(declared[0].file, 0), f"{declared[0].index}.{name}", declared[1], declared[2])
    if model is not None and model.is_mapped and name == "query":
        session = registries.registry_session(machine, state, value.id) or registries.flask_session(state)
        query = Query((value.id,), session, is_legacy=True, made_at=frame.at(at))
        return state.put(frame.site(at, "query"), query)
    return state.value(Unknown(("class", value.id.file, value.id.index, name)))


def write(machine: Machine, frame: Frame, state: PathState, target: Value, name: str, value: Value, at: Range) -> None:
    """`target.name = value`."""
    target = state.value(target)
    found = state.object(target)
    openings.stored(machine, frame, state, target, value, at)
    if isinstance(target, Ref) and isinstance(found, Instance):
        instances.write_mapped(machine, state, target.key, found, name, value)
        instances.relate(machine, state, found.model, name, value)
    elif isinstance(target, Ref) and isinstance(found, Object):
        fields = tuple(pair for pair in found.fields if pair[0] != name)
        seen = tuple(pair for pair in found.seen if pair[0] != name)
        state.heap[target.key] = replace(found, fields=(*fields, (name, value)), seen=seen)
    elif isinstance(found, State):
        stores.write(machine, frame, state, found, name, value, at)
    else:
        failures.may_change(state)
        escape(state, value)
