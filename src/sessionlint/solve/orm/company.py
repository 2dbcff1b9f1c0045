"""Which models' instances come into the session along with one that is loaded, through eager relationships. Entry points: `company`,
`bring`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sessionlint.knowledge.sqlalchemy.options import EAGER, EAGER_LAZY_VALUES
from sessionlint.link import MappedAttribute
from sessionlint.link.symbols import ClassId
from sessionlint.solve.orm.memory import fetched
from sessionlint.solve.state.objects import Instance
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Key, Option
from sessionlint.solve.walk.machine import Machine


def company(machine: Machine, thing: Instance) -> frozenset[ClassId]:
    """The models of all that a fetch of `thing` brings along, or may bring."""
    place = (thing.model, thing.loaded, thing.query.loaded, thing.below)
    return machine.kept(machine.company, place, lambda: _company(machine, thing))


def _company(machine: Machine, thing: Instance) -> frozenset[ClassId]:
    found: set[ClassId] = set()
    names = thing.loaded | thing.query.loaded
    _follow(machine, (attribute for name in sorted(names) for attribute in _attributes(machine, thing.model, name)), found)
    for name, options in thing.below:
        for attribute in _attributes(machine, thing.model, name):
            _asked_for(machine, attribute.target, options, found)
    return frozenset(found)


def bring(machine: Machine, state: PathState, thing: Instance) -> None:
    """`thing` was fetched: instances of its session that were expired, and are among what comes along, have their columns again.

    https://docs.sqlalchemy.org/en/20/orm/session_state_management.html#what-actually-loads
    """
    if thing.session is None:
        return
    waiting = [(key, found) for key, found in state.heap.items() if type(found) is Instance and found.is_expired]
    waiting = [(key, found) for key, found in waiting if found.session == thing.session]
    brought = company(machine, thing) if waiting else frozenset()
    for key, found in waiting:
        if any(machine.program.are_related(found.model, model) for model in brought):
            state.heap[key] = fetched(machine, found)


def brings(machine: Machine, state: PathState, thing: Instance, attribute: MappedAttribute) -> bool:
    """Whether the target of a many-to-one may have come into the session of `thing` along with an instance that is not expired: the read
    finds it in the identity map."""
    target = attribute.target
    if attribute.kind != "relationship" or attribute.uselist or target is None or thing.session is None:
        return False
    for found in state.heap.values():
        if not isinstance(found, Instance) or found.session != thing.session or found.is_transient or found.is_expired:
            continue
        if any(machine.program.are_related(target, model) for model in company(machine, found)):
            return True
    return False


def is_known_elsewhere(machine: Machine, state: PathState, key: Key, thing: Instance, name: str) -> bool:
    """Whether another instance of the session, that may be the same row and so the same object, has the attribute in memory."""
    if thing.session is None:
        return False
    for other, found in state.heap.items():
        if other == key or not isinstance(found, Instance) or found.session != thing.session or found.is_transient or found.is_expired:
            continue
        if found.model == thing.model and (found.is_opaque or name in found.loaded) and not (thing.identity and found.identity):
            return True
    return False


def _follow(machine: Machine, attributes: Iterable[MappedAttribute], found: set[ClassId]) -> None:
    """What relationships lead to, and what comes along with that by `lazy=`."""
    pending = [attribute.target for attribute in attributes if attribute.kind == "relationship" and attribute.target is not None]
    while pending:
        target = pending.pop()
        model = machine.program.models.get(target)
        if target in found or model is None:
            continue
        found.add(target)
        pending += [each.target for each in model.attributes.values() if each.target is not None and each.lazy in EAGER_LAZY_VALUES]


def _asked_for(machine: Machine, model: ClassId | None, options: tuple[Option, ...], found: set[ClassId]) -> None:
    """What loader options below a relationship ask for."""
    for option in options:
        current = model
        for step in option.steps:
            attributes = list(_attributes(machine, current, step.name)) if current is not None else []
            if step.strategy in EAGER:
                _follow(machine, attributes, found)
            current = attributes[0].target if attributes else None
        _asked_for(machine, current, option.below, found)


def _attributes(machine: Machine, model: ClassId | None, name: str) -> Iterator[MappedAttribute]:
    facts = machine.program.models.get(model) if model is not None else None
    attribute = facts.attributes.get(name) if facts is not None else None
    if attribute is not None and attribute.kind == "relationship":
        yield attribute
