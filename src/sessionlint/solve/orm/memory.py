"""What expiring, flushing and fetching leave in memory of an instance. Entry points: `expired`, `fetched`, `refreshed`, `flushed`,
`is_in_memory`, `is_at_hand`.

Source: https://docs.sqlalchemy.org/en/20/orm/session_state_management.html#refreshing-expiring
"""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.facts import ops
from sessionlint.link import MappedAttribute, Model
from sessionlint.link.symbols import ClassId
from sessionlint.solve.history import Step
from sessionlint.solve.orm.loading import loaded_by
from sessionlint.solve.state.objects import Collection, HeapObject, Instance, Memory
from sessionlint.solve.state.reach import reachable
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Const, Key, Ref, Unknown, Value
from sessionlint.solve.walk.machine import Machine

_NOTHING: frozenset[str] = frozenset()
PLAIN = frozenset({"column", "composite", "column_property"})
"""Kinds of attributes that are in memory unless something left them out."""


def is_in_memory(thing: Instance, attribute: MappedAttribute) -> bool:
    """Whether reading an attribute takes what is there."""
    if attribute.name in thing.loaded:
        return True
    return attribute.kind in PLAIN and not thing.is_expired and attribute.name not in thing.missing


def expired(machine: Machine, thing: Instance, step: Step) -> Instance:
    """The instance with nothing in memory; what the query's options said holds again only after a refresh."""
    model = machine.program.models.get(thing.model)
    declared = _declared(machine, model) if model is not None else Memory()
    query = replace(thing.query, raising=declared.raising, raising_on_sql=declared.raising_on_sql)
    return replace(
        thing,
        is_expired=True,
        is_new=False,
        loaded=_NOTHING,
        missing=_NOTHING,
        stale=_NOTHING,
        changed=_NOTHING,
        children=(),
        query=query,
        history=thing.history.then(step),
    )


def _declared(machine: Machine, model: Model) -> Memory:
    return loaded_by(machine, model, (), (model.id,)).memory()


def fetched(machine: Machine, thing: Instance) -> Instance:
    """An expired instance is read while its session is open: all columns come back, and the relationships that load eagerly.

    https://docs.sqlalchemy.org/en/20/changelog/migration_14.html#eager-loaders-emit-during-unexpire-operations
    """
    if not thing.is_expired:
        return replace(thing, missing=thing.missing - thing.stale, stale=_NOTHING)
    model = machine.program.models.get(thing.model)
    relationships = {name for name, found in model.attributes.items() if found.kind == "relationship"} if model is not None else set()
    loaded = thing.loaded | (thing.query.loaded & relationships)
    return replace(thing, is_expired=False, loaded=loaded, missing=_NOTHING, stale=_NOTHING)


def refreshed(thing: Instance) -> Instance:
    """A refresh without names runs the query's options again, and drops what was loaded lazily."""
    query = thing.query
    return replace(
        thing,
        is_expired=False,
        is_transient=False,
        loaded=query.loaded,
        missing=query.missing,
        stale=_NOTHING,
        changed=_NOTHING,
        children=(),
    )


def flushed(machine: Machine, thing: Instance, step: Step) -> Instance:
    """What a flush leaves: a pending instance has a row, and what the database makes up is to be fetched.

    https://docs.sqlalchemy.org/en/20/orm/mapping_api.html#sqlalchemy.orm.Mapper.params.eager_defaults
    """
    model = machine.program.models.get(thing.model)
    if model is None or not (thing.is_transient or thing.changed):
        return thing
    given = thing.changed | {name for name, _ in thing.children if thing.is_transient}
    made = _made_up(machine, model, is_insert=thing.is_transient) - given if thing.is_transient or _updates(model, thing) else _NOTHING
    history = thing.history.then(step) if made and not thing.is_transient else thing.history
    return replace(
        thing,
        is_transient=False,
        is_new=thing.is_new or thing.is_transient,
        loaded=thing.loaded - made,
        missing=thing.missing | made,
        stale=thing.stale | made,
        changed=_NOTHING,
        children=tuple(pair for pair in thing.children if pair[0] not in made),
        history=history,
    )


def _updates(model: Model, thing: Instance) -> bool:
    """Whether something of the instance's own row was set."""
    for name in thing.changed:
        attribute = model.attributes.get(name)
        if name == "*" or (attribute is not None and not (attribute.kind == "relationship" and attribute.uselist)):
            return True
    return False


def _made_up(machine: Machine, model: Model, *, is_insert: bool) -> frozenset[str]:
    """The columns that an INSERT or an UPDATE leaves to be fetched; by default SQLAlchemy 2 has an INSERT return them."""
    eager = _eager_defaults(machine, model)
    if eager is True or (is_insert and eager != "never"):
        return _NOTHING
    wanted = "is_generated" if is_insert else "is_generated_on_update"
    return frozenset(name for name, found in model.attributes.items() if getattr(found, wanted) and found.kind == "column")


def _eager_defaults(machine: Machine, model: Model) -> bool | str:
    """`eager_defaults` of the mapper: True also where it cannot be told, `never` for False."""
    declared = machine.program.class_attribute(model.id, "__mapper_args__")
    if declared is None:
        return "auto" if machine.program.method(model.id, "__mapper_args__") is None else True
    given = declared[1]
    if not isinstance(given, ops.DictDisplay):
        return True
    for key, value in zip(given.keys, given.values, strict=True):
        if isinstance(key, ops.Constant) and key.value == "eager_defaults":
            if not isinstance(value, ops.Constant) or value.value is True:
                return True
            return "never" if value.value is False else "auto"
    return "auto"


def is_at_hand(
    machine: Machine, state: PathState, key: Key, thing: Instance, attribute: MappedAttribute, *, may_be_expired: bool = False
) -> bool:
    """Whether the target of a many-to-one may be in the session's identity map, held by something: then the read is no lazy load, and costs
    no SQL if the target is not expired.

    https://docs.sqlalchemy.org/en/20/orm/session_state_management.html#session-referencing-behavior
    """
    if attribute.kind != "relationship" or attribute.uselist or attribute.target is None or thing.session is None:
        return False
    held: set[Key] | None = None
    for other, found in state.heap.items():
        if not isinstance(found, Instance) or found.is_transient or (found.session != thing.session and not _is_anywhere(found)):
            continue
        if found.is_expired and not may_be_expired:
            continue
        if not machine.program.are_related(attribute.target, found.model) or (other == key and not _is_one_of_many(state, key)):
            continue
        if held is None:
            held = _held(machine, state)
        if other in held or any(_is_empty(state.heap.get(holder)) for holder in held):
            return True
    return _is_hoped(machine, state, attribute.target, held)


def _is_anywhere(found: Instance) -> bool:
    """Whether an instance that somebody handed in may be of any session."""
    return found.is_opaque and found.session is None and not found.is_detached


def _is_hoped(machine: Machine, state: PathState, target: ClassId, held: set[Key] | None) -> bool:
    """Whether something holds a collection that would hold the target, were there one on this path."""
    for key, found in state.heap.items():
        if isinstance(found, Collection) and any(machine.program.are_related(target, model) for model in found.would_hold):
            held = _held(machine, state) if held is None else held
            if key in held or key[0] == "global":
                return True
    return False


def _held(machine: Machine, state: PathState) -> set[Key]:
    lasting = [*machine.live, *(env for env in state.variables if env[0] == "global")]
    return reachable(state, machine.pinned, lasting)[0]


def is_held(machine: Machine, state: PathState, key: Key) -> bool:
    """Whether some variable leads to an object; what nothing holds has left the identity map."""
    return key in _held(machine, state)


def identified(machine: Machine, state: PathState, session: Key, model: ClassId, identity: Value | None) -> Key | None:
    """The instance that `get` finds in the session's identity map: then it looks at no option.

    https://docs.sqlalchemy.org/en/20/orm/session_api.html#sqlalchemy.orm.Session.get
    """
    for key, thing in state.heap.items():
        if not isinstance(thing, Instance) or thing.session != session or thing.model != model or thing.is_opaque or thing.is_transient:
            continue
        if _is_same(machine, identity, key, thing) and is_held(machine, state, key):
            return key
    return None


def _is_same(machine: Machine, identity: Value | None, key: Key, thing: Instance) -> bool:
    """Whether an instance was got by the same key, or has it; a variable of a loop is another key in each turn."""
    if isinstance(identity, Unknown) and identity.key[:-1] == key:
        model = machine.program.models.get(thing.model)
        attribute = model.attributes.get(str(identity.key[-1])) if model is not None else None
        return attribute is not None and attribute.is_primary_key
    is_fixed = isinstance(identity, Const) or (isinstance(identity, Unknown) and not machine.turning)
    return is_fixed and thing.identity == identity


def _is_empty(found: HeapObject | None) -> bool:
    """A collection with nothing in it on this path may be the one that holds the target when there is one."""
    return isinstance(found, Collection) and not found.items and not found.elements and found.kind != "tuple"


def _is_one_of_many(state: PathState, key: Key) -> bool:
    """Whether an instance stands for all the elements of some collection."""
    return any(isinstance(found, Collection) and Ref(key) in found.elements for found in state.heap.values())
