"""What is in memory of an instance that a query returned: loader options and `lazy=` settings put together. Entry points: `loaded_by`,
`instance_of`, `child_of`."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from sessionlint.facts import ops
from sessionlint.knowledge.sqlalchemy.options import EAGER, EAGER_LAZY_VALUES, LOADED_LAZY_VALUES
from sessionlint.link import MappedAttribute, Model
from sessionlint.link.symbols import ClassId
from sessionlint.solve.history import History
from sessionlint.solve.state.objects import Collection, Instance, Memory
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Key, Option, OptionStep, Unknown, Value
from sessionlint.solve.walk.machine import Machine


@dataclass(slots=True)
class Loads:
    """What comes into memory with an instance."""

    loaded: set[str]
    missing: set[str]
    raising: set[str]
    raising_on_sql: set[str]
    below: dict[str, list[Option]]
    is_opaque: bool = False

    def memory(self) -> Memory:
        """The same as plain data."""
        return Memory(frozenset(self.loaded), frozenset(self.missing), frozenset(self.raising), frozenset(self.raising_on_sql))


def loaded_by(machine: Machine, model: Model, options: tuple[Option, ...], chain: tuple[ClassId, ...]) -> Loads:
    """What a query with `options` brings into memory of an instance of `model`, reached through the models of `chain`."""
    loads = Loads(set(), set(), set(), set(), {})
    for attribute in model.attributes.values():
        if attribute.kind == "relationship" and _comes_along(machine, attribute, chain):
            loads.loaded.add(attribute.name)
        if attribute.kind == "relationship" and attribute.lazy == "raise":
            loads.raising.add(attribute.name)
        if attribute.deferred_raiseload or (attribute.kind == "relationship" and attribute.lazy == "raise_on_sql"):
            loads.raising_on_sql.add(attribute.name)
    for option in sorted(options, key=lambda option: "*" not in [step.name for step in option.steps[:1]]):
        if option.is_opaque or not option.steps:
            loads.is_opaque = True
            continue
        if option.model is not None and not machine.program.are_related(option.model, model.id):
            continue
        _apply(model, option.steps[0], loads)
        rest = Option(None, option.steps[1:], option.below)
        if rest.steps:
            loads.below.setdefault(option.steps[0].name, []).append(rest)
        elif option.below:
            loads.below.setdefault(option.steps[0].name, []).extend(option.below)
    return loads


def loads_of_subclass(machine: Machine, queried: ClassId, model: ClassId) -> frozenset[str]:
    """What comes along with an instance of a subclass when its base was queried: the eager relationships that only the subclass has,
    and only
    if it has a `polymorphic_load`.

    https://docs.sqlalchemy.org/en/20/orm/queryguide/inheritance.html#configuring-selectin-polymorphic-on-mappers
    """
    if "polymorphic_load" not in (_mapper_arguments(machine, model) or ()):
        return frozenset()
    own = _own_attributes(machine, queried, model)
    return frozenset(found.name for found in own if found.kind == "relationship" and _comes_along(machine, found, (model,)))


def columns_of_subclass(machine: Machine, queried: ClassId, model: ClassId) -> frozenset[str]:
    """The columns that only a subclass has: a query of its base leaves them to be loaded, unless a mapper says otherwise.

    https://docs.sqlalchemy.org/en/20/orm/queryguide/inheritance.html
    """
    below, above = _mapper_arguments(machine, model), _mapper_arguments(machine, queried)
    if below is None or above is None or below & {"polymorphic_load", "concrete"} or "with_polymorphic" in above:
        return frozenset()
    return frozenset(found.name for found in _own_attributes(machine, queried, model) if found.kind == "column")


def _mapper_arguments(machine: Machine, model: ClassId) -> frozenset[str] | None:
    """The keys of a model's own `__mapper_args__`; None where they cannot be read."""
    declared = machine.program.class_attribute(model, "__mapper_args__")
    if declared is None or declared[0] != model:
        return frozenset() if machine.program.method(model, "__mapper_args__") is None else None
    if not isinstance(declared[1], ops.DictDisplay):
        return None
    return frozenset(str(key.value) for key in declared[1].keys if isinstance(key, ops.Constant))


def _own_attributes(machine: Machine, queried: ClassId, model: ClassId) -> list[MappedAttribute]:
    facts, base = machine.program.models.get(model), machine.program.models.get(queried)
    return [found for name, found in facts.attributes.items() if base is None or name not in base.attributes] if facts is not None else []


def _comes_along(machine: Machine, attribute: MappedAttribute, chain: tuple[ClassId, ...]) -> bool:
    if attribute.lazy in LOADED_LAZY_VALUES:
        return True
    if attribute.lazy not in EAGER_LAZY_VALUES:
        return False
    if attribute.lazy == "immediate" or attribute.target is None:
        return True
    # "When left at its default of None, eager loaders will stop chaining when they encounter the same target mapper"
    # https://docs.sqlalchemy.org/en/20/orm/self_referential.html#configuring-self-referential-eager-loading
    if attribute.lazy == "joined" and attribute.join_depth is None and len(chain) > 1:
        # joins only see the path from the SELECT that they are part of: below a `selectin` or a refresh it begins anew
        return True
    seen = sum(attribute.target in machine.program.model_lineage(above) for above in chain)
    return seen == 0 if attribute.join_depth is None else seen <= attribute.join_depth


def _apply(model: Model, step: OptionStep, loads: Loads) -> None:
    relationships = {name for name, attribute in model.attributes.items() if attribute.kind == "relationship"}
    deferred = {name for name, attribute in model.attributes.items() if attribute.kind == "deferred"}
    columns = {name for name, attribute in model.attributes.items() if attribute.kind == "column"}
    names = (relationships if step.name == "*" else {step.name}) if step.name else set()
    if step.strategy in EAGER or step.strategy == "noload":
        loads.loaded |= names
        loads.raising -= names
        loads.raising_on_sql -= names
    elif step.strategy in {"lazyload", "raiseload"}:
        loads.loaded -= names
        loads.raising -= names
        loads.raising_on_sql -= names
        if step.strategy == "raiseload":
            (loads.raising_on_sql if step.flag else loads.raising).update(names)
    elif step.strategy == "load_only":
        chosen = set(step.names)
        primary = {name for name in columns if model.attributes[name].is_primary_key}
        loads.missing |= columns - chosen - primary
        loads.loaded |= chosen & deferred
        loads.raising_on_sql.update(columns - chosen - primary if step.flag else ())
    elif step.strategy == "defer":
        chosen = columns if step.name == "*" else {step.name}
        loads.missing |= {name for name in chosen if name in columns and not model.attributes[name].is_primary_key}
        loads.loaded -= chosen
        loads.raising_on_sql.update(chosen if step.flag else ())
    elif step.strategy in {"undefer", "undefer_group", "with_expression"}:
        chosen = deferred if step.name in {"*", ""} else {step.name}
        if step.strategy == "undefer_group":
            chosen = set(group_of(model, step.name))
        loads.loaded |= chosen
        loads.missing -= chosen


def group_of(model: Model, group: str) -> frozenset[str]:
    """The deferred columns that are loaded together under a group's name.

    https://docs.sqlalchemy.org/en/20/orm/queryguide/columns.html#loading-deferred-columns-in-groups
    """
    return frozenset(name for name, found in model.attributes.items() if found.kind == "deferred" and found.deferred_group == group)


def instance_of(
    machine: Machine, model: ClassId, session: Key | None, options: tuple[Option, ...], is_opaque: bool, history: History
) -> Instance:
    """A fresh instance as a query returns it."""
    facts = machine.program.models.get(model)
    if facts is None:
        return Instance(model, session, is_opaque=True, history=history)
    loads = loaded_by(machine, facts, options, (model,))
    memory = loads.memory()
    return Instance(
        model,
        session,
        is_opaque=is_opaque or loads.is_opaque,
        loaded=memory.loaded,
        missing=memory.missing,
        query=memory,
        below=tuple((name, tuple(found)) for name, found in sorted(loads.below.items())),
        entity=model,
        chain=(model,),
        turn=machine.turning[-1][0] if machine.turning else None,
        history=history,
    )


def child_of(machine: Machine, state: PathState, key: Key, parent: Instance, attribute: MappedAttribute, is_eager: bool) -> Value:
    """The value of a relationship that is (or has just been) loaded, remembered on the parent."""
    known = parent.child(attribute.name)
    if known is not None:
        return known
    target = machine.program.models.get(attribute.target) if attribute.target is not None else None
    inner = (*key, attribute.name)
    value: Value
    if target is None or attribute.lazy in {"dynamic", "write_only"}:
        value = Unknown(inner)
    else:
        child = _child(machine, parent, attribute, target, is_eager)
        if attribute.uselist:
            element = state.put((*inner, "element"), child)
            value = state.put(inner, Collection("list", None, (), (element,)))
        else:
            value = state.put(inner, replace(child, is_nullable=True))
    state.heap[key] = replace(parent, loaded=parent.loaded | {attribute.name}, children=(*parent.children, (attribute.name, value)))
    return value


def _child(machine: Machine, parent: Instance, attribute: MappedAttribute, target: Model, is_eager: bool) -> Instance:
    options = next((found for name, found in parent.below if name == attribute.name), ())
    chain = (*parent.chain, target.id) if is_eager else (target.id,)
    loads = loaded_by(machine, target, options, chain)
    memory = loads.memory()
    return replace(
        parent,
        model=target.id,
        is_opaque=parent.is_opaque or loads.is_opaque,
        is_nullable=False,
        is_expired=False,
        is_new=False,
        identity=None,
        changed=frozenset(),
        stale=frozenset(),
        loaded=memory.loaded,
        missing=memory.missing,
        query=memory,
        below=tuple((name, tuple(found)) for name, found in sorted(loads.below.items())),
        children=(),
        path=(*parent.path, attribute.name),
        chain=chain,
    )
