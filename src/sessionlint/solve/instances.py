"""Reads and writes of mapped attributes: where lazy loads, detached reads and expired reads are seen. Entry points: `read_mapped`,
`write_mapped`, `show`."""

from __future__ import annotations

from dataclasses import replace

from sessionlint.link import MappedAttribute, Model
from sessionlint.link.symbols import ClassId
from sessionlint.solve.events import AttributeRead
from sessionlint.solve.exceptions import ATTRIBUTE_ERROR
from sessionlint.solve.history import Step
from sessionlint.solve.loading import child_of
from sessionlint.solve.machine import Frame, Machine, Results
from sessionlint.solve.objects import Arguments, Collection, Instance, Session
from sessionlint.solve.outcome import Thrown
from sessionlint.solve.state import PathState
from sessionlint.solve.values import NONE, Const, FunctionValue, Key, Method, Ref, Unknown, Value
from sessionlint.source import Range

_DETACHED_ERROR = ("sqlalchemy.orm.exc.DetachedInstanceError", "sqlalchemy.exc.SQLAlchemyError", "builtins.Exception")
_GREENLET_ERROR = ("sqlalchemy.exc.MissingGreenlet", "sqlalchemy.exc.InvalidRequestError", "sqlalchemy.exc.SQLAlchemyError")
LOADABLE = frozenset({"relationship", "deferred", "column", "column_property", "composite"})


def read_mapped(
    machine: Machine, frame: Frame, state: PathState, key: Key, thing: Instance, name: str, at: Range, reported: Range
) -> Results:
    """`instance.name`."""
    if thing.is_nullable:
        # nobody asked whether there was a row
        machine.may_raise(frame, state, at, ATTRIBUTE_ERROR)
    model = machine.program.models.get(thing.model)
    attribute = model.attributes.get(name) if model is not None else None
    if model is None or attribute is None:
        return [(state, _unmapped(machine, state, key, thing, name))]
    if attribute.kind in {"property", "hybrid"} and attribute.function is not None:
        method = FunctionValue(attribute.function, None, Ref(key), attribute.owner)
        return machine.call(frame, state, method, Arguments(), at)
    if attribute.kind == "method" and attribute.function is not None:
        return [(state, FunctionValue(attribute.function, None, Ref(key), attribute.owner))]
    if attribute.kind == "synonym" and attribute.proxy is not None and attribute.proxy[0] != name:
        return machine.read(frame, state, Ref(key), attribute.proxy[0], at, reported)
    if attribute.kind == "association_proxy" and attribute.proxy is not None:
        return machine.read(frame, state, Ref(key), attribute.proxy[0], at, reported)
    if attribute.kind not in LOADABLE:
        return [(state, Unknown((*key, name)))]
    return [(state, _load(machine, frame, state, key, thing, model, attribute, reported))]


def _unmapped(machine: Machine, state: PathState, key: Key, thing: Instance, name: str) -> Value:
    found = thing.child(name)
    if found is not None:
        return state.value(found)
    if name == "__class__":
        return Unknown((*key, name))
    method = machine.program.method(thing.model, name)
    if method is not None:
        return FunctionValue(method, None, Ref(key), thing.model)
    if name == "awaitable_attrs":
        return Method(Ref(key), "awaitable_attrs")
    return Unknown((*key, name))


def _load(
    machine: Machine,
    frame: Frame,
    state: PathState,
    key: Key,
    thing: Instance,
    model: Model,
    attribute: MappedAttribute,
    reported: Range,
) -> Value:
    """Read a column or a relationship: from memory, by a (harmless) load, or as an event."""
    name, kind = attribute.name, attribute.kind
    is_column = kind in {"column", "composite", "column_property"}
    in_memory = name in thing.loaded or (is_column and name not in thing.missing)
    if thing.is_transient:
        return thing.child(name) or Unknown((*key, name))
    if in_memory and not thing.is_expired:
        return _value(machine, state, key, thing, attribute, is_eager=True)
    session = state.heap.get(thing.session) if thing.session is not None else None
    is_async = isinstance(session, Session) and session.is_async and not machine.in_run_sync
    cause = "expired" if thing.is_expired else "not-loaded" if kind == "relationship" else "deferred"
    if thing.is_opaque or (thing.session is None and not thing.is_detached):
        return _value(machine, state, key, thing, attribute, is_eager=False)
    status = "detached" if thing.is_detached else "async" if is_async else "attached"
    if status == "attached" and name in thing.raising:
        cause = "raise"
    _report(machine, frame, state, thing, model, attribute, status, cause, reported)
    if status != "attached":
        names = _DETACHED_ERROR if status == "detached" else _GREENLET_ERROR
        machine.throw(frame, state, Thrown(frame.at(reported), names))
    fresh = replace(thing, is_expired=False, loaded=thing.loaded | {name}, missing=thing.missing - {name})
    state.heap[key] = fresh
    return _value(machine, state, key, fresh, attribute, is_eager=False)


def awaited(machine: Machine, frame: Frame, state: PathState, value: Value, name: str, at: Range) -> Results:
    """`instance.awaitable_attrs.name`: loaded now, and in memory from here on."""
    thing, ref = state.object(value), state.value(value)
    if not isinstance(thing, Instance) or not isinstance(ref, Ref):
        return [(state, machine.fresh(frame, state, at, name))]
    loaded = thing.loaded | {name} if not thing.is_expired else frozenset({name})
    model = machine.program.models.get(thing.model)
    columns = {key for key, found in model.attributes.items() if found.kind == "column"} if model is not None else set()
    missing = columns - {name} if thing.is_expired else thing.missing - {name}
    state.heap[ref.key] = replace(thing, is_expired=False, loaded=loaded, missing=frozenset(missing))
    return machine.read(frame, state, ref, name, at, at)


def _value(machine: Machine, state: PathState, key: Key, thing: Instance, attribute: MappedAttribute, *, is_eager: bool) -> Value:
    if attribute.kind == "relationship":
        return state.value(child_of(machine, state, key, thing, attribute, is_eager))
    known = thing.child(attribute.name)
    return known if known is not None and not thing.is_expired else Unknown((*key, attribute.name))


def _report(
    machine: Machine,
    frame: Frame,
    state: PathState,
    thing: Instance,
    model: Model,
    attribute: MappedAttribute,
    status: str,
    cause: str,
    reported: Range,
) -> None:
    if machine.guards:
        return
    at = frame.at(reported)
    path = f"{model.name}.{attribute.name}"
    history = thing.history
    for step in frame.calls if not thing.context else ():
        history = history.then(step)
    history = history.then(Step("read", at, f"reads `{path}`"))
    machine.recorder.add(
        AttributeRead(
            at=at,
            function=frame.function,
            history=history,
            model=thing.model,
            attribute=attribute.name,
            path=path,
            kind=attribute.kind,
            uselist=attribute.uselist,
            status=status,
            cause=cause,
            loader_path=(*thing.path, attribute.name),
            entity=thing.entity,
            context=thing.context,
            in_loop=frame.loops > 0,
        )
    )


def state_of(state: PathState, value: Value, name: str) -> Value:
    """`inspect(instance).name`: what SQLAlchemy's `InstanceState` says."""
    thing = state.object(value)
    if not isinstance(thing, Instance) or (thing.session is None and not thing.is_detached and not thing.is_transient):
        return Unknown(("state", str(value), name))
    if name == "session":
        return Ref(thing.session) if thing.session is not None else NONE
    answers = {
        "detached": thing.is_detached,
        "transient": thing.is_transient and thing.session is None,
        "pending": thing.is_transient and thing.session is not None,
        "persistent": not thing.is_transient and not thing.is_detached,
    }
    return Const(answers[name]) if name in answers else Unknown(("state", str(value), name))


def relate(machine: Machine, state: PathState, model: ClassId, name: str, value: Value) -> None:
    """Assigning one side of a bidirectional relationship puts the other side into memory too.

    https://docs.sqlalchemy.org/en/20/orm/backref.html
    """
    facts = machine.program.models.get(model)
    attribute = facts.attributes.get(name) if facts is not None else None
    if attribute is None or attribute.kind != "relationship":
        return
    found = state.object(value)
    members = (*(found.items or ()), *found.elements) if isinstance(found, Collection) else (value,)
    for member in members:
        child, ref = state.object(member), state.value(member)
        if isinstance(child, Instance) and isinstance(ref, Ref):
            target = machine.program.models.get(child.model)
            back = {
                other.name
                for other in (target.attributes.values() if target is not None else ())
                if other.kind == "relationship" and other.target is not None and machine.program.are_related(other.target, model)
            }
            state.heap[ref.key] = replace(child, loaded=child.loaded | back)


def write_mapped(state: PathState, key: Key, thing: Instance, name: str, value: Value) -> None:
    """`instance.name = value`: the attribute is in memory from now on."""
    children = tuple(pair for pair in thing.children if pair[0] != name)
    state.heap[key] = replace(thing, loaded=thing.loaded | {name}, missing=thing.missing - {name}, children=(*children, (name, value)))


def show(machine: Machine, frame: Frame, state: PathState, value: Value, at: Range, method: str) -> None:
    """`repr(value)` or `str(value)`: walk the `__repr__` or `__str__` of a mapped instance."""
    thing, ref = state.object(value), state.value(value)
    if not isinstance(thing, Instance) or not isinstance(ref, Ref) or thing.is_opaque:
        return
    model = machine.program.models.get(thing.model)
    if model is None:
        return
    function = model.repr_function if method == "__repr__" else model.str_function
    if function is not None:
        machine.call(frame, state.copy(), FunctionValue(function, None, ref, thing.model), Arguments(), at)


def mark_session(state: PathState, session: Key, change: dict[str, object], step: Step, *, only_persistent: bool = False) -> None:
    """Change every instance of a session and write the reason into its history."""
    for key, found in list(state.heap.items()):
        if isinstance(found, Instance) and found.session == session and not (only_persistent and found.is_transient):
            state.heap[key] = replace(found, history=found.history.then(step), **change)  # type: ignore[arg-type]
