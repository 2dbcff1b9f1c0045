"""Reads and writes of mapped attributes: where lazy loads, detached reads and expired reads are seen. Entry points: `read_mapped`,
`write_mapped`, `show`."""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.knowledge.sqlalchemy.options import LOADED_LAZY_VALUES
from sessionlint.link import MappedAttribute, Model
from sessionlint.link.symbols import ClassId, FunctionId
from sessionlint.solve.events import AttributeRead, Origin
from sessionlint.solve.history import Step
from sessionlint.solve.orm import failures, merging
from sessionlint.solve.orm.company import bring, brings, is_known_elsewhere
from sessionlint.solve.orm.loading import child_of, group_of
from sessionlint.solve.orm.memory import PLAIN, expired, fetched, is_at_hand, is_in_memory
from sessionlint.solve.state.objects import Arguments, Collection, Instance, Merged, Partial, Session
from sessionlint.solve.state.outcome import Thrown
from sessionlint.solve.state.reach import reachable
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import NONE, Const, ExternalValue, FunctionValue, Key, Method, Ref, Unknown, Value
from sessionlint.solve.walk.exceptions import ATTRIBUTE_ERROR
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.source import Location, Range

_DETACHED_ERROR = (
    "sqlalchemy.orm.exc.DetachedInstanceError",
    "sqlalchemy.exc.SQLAlchemyError",
    "builtins.Exception",
    "builtins.BaseException",
)
_RAISE_ERROR = ("sqlalchemy.exc.InvalidRequestError", "sqlalchemy.exc.SQLAlchemyError", "builtins.Exception", "builtins.BaseException")
_GREENLET_ERROR = ("sqlalchemy.exc.MissingGreenlet", *_RAISE_ERROR)
LOADABLE = PLAIN | {"relationship", "deferred"}


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
    if name in {"__dict__", "_sa_instance_state"}:
        return Method(Ref(key), "@dict" if name == "__dict__" else "@state")
    method = machine.program.method(thing.model, name)
    if method is not None:
        return FunctionValue(method, None, Ref(key), thing.model)
    if name == "awaitable_attrs":
        return Method(Ref(key), "awaitable_attrs")
    if name == "_get_current_object":
        return state.put((*key, name), Partial(ExternalValue("werkzeug.local.LocalProxy._get_current_object"), Arguments((Ref(key),))))
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
    name = attribute.name
    if thing.merged is not None:
        _of_merged(machine, thing, thing.merged, attribute)
    if thing.is_transient:
        return thing.child(name) or _made_up(state, key, thing, attribute)
    if machine.has_failed and thing.session is not None and thing.entity is not None:
        failures.read(machine, frame, state, thing.session, name, reported)
    if is_in_memory(thing, attribute):
        return _value(machine, state, key, thing, attribute, is_eager=True)
    if thing.is_opaque or (thing.session is None and not thing.is_detached):
        return _value(machine, state, key, thing, attribute, is_eager=False)
    status = _status(machine, state, thing)
    cause = _cause(machine, state, key, thing, attribute, status)
    if cause:
        _report(machine, frame, state, key, thing, model, attribute, status, cause, reported)
    if cause and (status != "attached" or cause == "raise"):
        names = _RAISE_ERROR if cause == "raise" else _DETACHED_ERROR if status == "detached" else _GREENLET_ERROR
        machine.throw(frame, state, Thrown(frame.at(reported), names))
    before = fetched(machine, thing) if (thing.is_expired or name in thing.stale) and not thing.context else thing
    if before is not thing:
        bring(machine, state, before)
    group = group_of(model, attribute.deferred_group) if attribute.deferred_group else frozenset()
    fresh = replace(before, loaded=before.loaded | {name} | group, missing=before.missing - {name})
    state.heap[key] = fresh
    _begin(state, thing, frame.at(reported))
    return _value(machine, state, key, fresh, attribute, is_eager=False)


def _made_up(state: PathState, key: Key, thing: Instance, attribute: MappedAttribute) -> Value:
    """What a transient instance has where nothing was set: a collection begins empty, and stays once something was put into it."""
    if attribute.kind != "relationship" or not attribute.uselist or attribute.lazy in LOADED_LAZY_VALUES:
        return Unknown((*key, attribute.name))
    value = state.put((*key, attribute.name), Collection("list"))
    children = (*thing.children, (attribute.name, value))
    state.heap[key] = replace(thing, loaded=thing.loaded | {attribute.name}, children=children)
    return value


def _status(machine: Machine, state: PathState, thing: Instance) -> str:
    if thing.is_detached:
        return "detached"
    session = state.heap.get(thing.session) if thing.session is not None else None
    return "async" if isinstance(session, Session) and session.is_async and not machine.in_run_sync else "attached"


def _begin(state: PathState, thing: Instance, loaded_at: Location | None = None) -> None:
    """A load or a change begins a transaction where there is none; a load takes a connection."""
    session = state.heap.get(thing.session) if thing.session is not None else None
    if isinstance(session, Session) and thing.session is not None:
        connected_at = session.connected_at or loaded_at
        if not session.has_begun or connected_at != session.connected_at:
            state.heap[thing.session] = replace(session, has_begun=True, connected_at=connected_at)


def _cause(machine: Machine, state: PathState, key: Key, thing: Instance, attribute: MappedAttribute, status: str) -> str:
    """Why the read finds nothing in memory; empty where it takes no SQL all the same."""
    name = attribute.name
    if name in thing.query.raising:
        return "raise"
    if thing.is_expired or name in thing.stale:
        return "expired"
    if status != "detached" and name in thing.query.raising_on_sql:
        may_be_expired = status == "attached"
        return "" if is_at_hand(machine, state, key, thing, attribute, may_be_expired=may_be_expired) else "raise"
    if status != "detached" and (is_at_hand(machine, state, key, thing, attribute) or brings(machine, state, thing, attribute)):
        return ""
    if status == "async" and is_known_elsewhere(machine, state, key, thing, name):
        return ""
    return "not-loaded" if attribute.kind == "relationship" else "deferred"


def awaited(machine: Machine, frame: Frame, state: PathState, value: Value, name: str, at: Range) -> Results:
    """`instance.awaitable_attrs.name`: loaded now, and in memory from here on."""
    thing, ref = state.object(value), state.value(value)
    if not isinstance(thing, Instance) or not isinstance(ref, Ref):
        return [(state, machine.fresh(frame, state, at, name))]
    if (name in thing.query.raising or thing.is_detached) and not thing.context:
        return machine.read(frame, state, ref, name, at, at)
    before = fetched(machine, thing) if thing.is_expired or name in thing.stale else thing
    if before is not thing:
        bring(machine, state, before)
    state.heap[ref.key] = replace(before, loaded=before.loaded | {name}, missing=before.missing - {name})
    load_again(machine, state, ref.key, frozenset({name}))
    return machine.read(frame, state, ref, name, at, at)


def load_again(machine: Machine, state: PathState, key: Key, names: frozenset[str]) -> None:
    """A refresh loads these attributes of an instance by queries of their own: eager loading begins anew below them."""
    for name in sorted(names):
        thing = state.heap[key]
        model = machine.program.models.get(thing.model) if isinstance(thing, Instance) else None
        attribute = model.attributes.get(name) if model is not None else None
        if isinstance(thing, Instance) and attribute is not None and attribute.kind == "relationship":
            child_of(machine, state, key, thing, attribute, is_eager=False)


def _value(machine: Machine, state: PathState, key: Key, thing: Instance, attribute: MappedAttribute, *, is_eager: bool) -> Value:
    if attribute.kind == "relationship":
        return state.value(child_of(machine, state, key, thing, attribute, is_eager))
    known = thing.child(attribute.name)
    return known if known is not None else Unknown((*key, attribute.name))


def _of_merged(machine: Machine, thing: Instance, merged: Merged, attribute: MappedAttribute) -> None:
    """A read of what only the instance that `merge` returned can have."""
    is_made_up = thing.is_transient and attribute.is_generated and thing.child(attribute.name) is None
    if is_made_up or (thing.is_detached and not is_in_memory(thing, attribute)):
        merging.record(machine, thing, merged, f"read for `{attribute.name}`, which it does not have")


def _is_guarded(machine: Machine, frame: Frame) -> bool:
    """Whether a read stands in a `try` for such errors, be it through a property or method of the model."""
    above = frame.parent
    if frame.guards > 0 or above is None or above.guards == 0:
        return frame.guards > 0
    owner = machine.program.owner_of(frame.function)
    return owner is not None and owner in machine.program.models  # None would be noted as a model that was asked for


def _report(
    machine: Machine,
    frame: Frame,
    state: PathState,
    key: Key,
    thing: Instance,
    model: Model,
    attribute: MappedAttribute,
    status: str,
    cause: str,
    reported: Range,
) -> None:
    if machine.guards or _is_guarded(machine, frame):
        return
    at, function, context = _place(machine, frame, thing, status, cause, reported)
    path = f"{model.name}.{attribute.name}"
    history = thing.history
    for step in frame.calls if not thing.context else ():
        history = history.then(step)
    history = history.then(Step("read", frame.at(reported), f"reads `{path}`"))
    event = AttributeRead(
        at=at,
        function=function,
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
        context=context,
        in_loop=_is_of_a_turn(machine, state, key, thing),
        origins=_origins(thing, attribute.name),
    )
    if machine.reading is not None:
        machine.reading.found.append(event)
    else:
        machine.recorder.add(event)


def _origins(thing: Instance, name: str) -> tuple[Origin, ...]:
    if thing.queried_at is None or thing.entity is None:
        return ()
    return (Origin(thing.queried_at, thing.entity, (*thing.path, name), thing.model),)


def _place(machine: Machine, frame: Frame, thing: Instance, status: str, cause: str, reported: Range) -> tuple[Location, FunctionId, str]:
    """Where a read is reported: what a template reads in vain on the call that renders it, unless a `__repr__` does the reading."""
    rendering = machine.rendering
    if rendering is None or status == "attached" or cause == "raise" or frame.facts.name in {"__repr__", "__str__"}:
        return frame.at(reported), frame.function, thing.context
    return rendering.at, rendering.function, "template"


def _is_of_a_turn(machine: Machine, state: PathState, key: Key, thing: Instance) -> bool:
    """Whether a loop that is running has another instance here in each turn: one made in the turn, or hanging on the loop's element."""
    return any(thing.turn == loop or key in reachable(state, [element])[0] for loop, element in machine.turning)


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
        "expired": thing.is_expired,
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


def write_mapped(machine: Machine, state: PathState, key: Key, thing: Instance, name: str, value: Value) -> None:
    """`instance.name = value`: the attribute is in memory from now on; an empty name is one that is not known."""
    _begin(state, thing)
    if not thing.is_transient and _has_made_up(machine, thing):
        thing = replace(thing, changed=thing.changed | {name or "*"})
    if not name:
        # `setattr` with a name that is not known
        state.heap[key] = thing
        return
    put_in_memory(state, key, thing if thing.is_transient else replace(thing, changed=thing.changed | {name}), name, value)


def put_in_memory(state: PathState, key: Key, thing: Instance, name: str, value: Value) -> None:
    """An attribute has a value from now on, whether that is a change or not."""
    children = tuple(pair for pair in thing.children if pair[0] != name)
    if thing.session is not None:
        failures.changed(state, thing.session)
    state.heap[key] = replace(
        thing,
        loaded=thing.loaded | {name},
        missing=thing.missing - {name},
        stale=thing.stale - {name},
        merged=replace(thing.merged, is_changed=True) if thing.merged is not None else None,
        children=(*children, (name, value)),
    )


def _has_made_up(machine: Machine, thing: Instance) -> bool:
    """Whether an UPDATE of the instance makes the database set further columns; else nobody needs to know what was changed."""
    model = machine.program.models.get(thing.model)
    return model is not None and any(attribute.is_generated_on_update for attribute in model.attributes.values())


def show(machine: Machine, frame: Frame, state: PathState, value: Value, at: Range, method: str) -> None:
    """`repr(value)` or `str(value)`: walk the `__repr__` or `__str__` of a mapped instance."""
    thing = state.object(value)
    if type(thing) is not Instance or thing.is_opaque or not isinstance(ref := state.value(value), Ref):
        return
    model = machine.program.models.get(thing.model)
    if model is None:
        return
    function = model.repr_function if method == "__repr__" else model.str_function
    if function is not None:
        machine.call(frame, state.copy(), FunctionValue(function, None, ref, thing.model), Arguments(), at)


def detach_all(state: PathState, session: Key, step: Step) -> None:
    """The session lets go of its instances."""
    for key, found in of_session(state, session):
        state.heap[key] = replace(found, is_detached=True, session=None, changed=frozenset(), history=found.history.then(step))


def expire_all(machine: Machine, state: PathState, session: Key, step: Step) -> None:
    """The session expires its persistent instances."""
    for key, found in of_session(state, session):
        if not found.is_transient:
            state.heap[key] = expired(machine, found, step)


def of_session(state: PathState, session: Key) -> list[tuple[Key, Instance]]:
    """The instances that are attached to a session."""
    return [(key, found) for key, found in state.heap.items() if type(found) is Instance and found.session == session]
