"""`value[index]`, read and written. Entry points: `item`, `put_item`, `elements_of`."""

from __future__ import annotations

from sessionlint.solve.keeping import caches, stores
from sessionlint.solve.limits import MAX_ELEMENTS
from sessionlint.solve.orm import inspecting
from sessionlint.solve.orm.ownership import escape
from sessionlint.solve.scopes import openings
from sessionlint.solve.state.objects import Arguments, Collection, Factory, Query, Result, State
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import ClassValue, Const, ExternalValue, Method, Ref, Unknown, Value
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.source import Range


def elements_of(machine: Machine, frame: Frame, state: PathState, value: Value) -> list[Value]:
    """What may be in a collection."""
    del machine, frame
    found = state.object(value)
    if isinstance(found, Collection):
        return list(dict.fromkeys((*(found.items or ()), *found.elements)))
    if isinstance(found, Result):
        return [found.row]
    return []


def item(machine: Machine, frame: Frame, state: PathState, value: Value, index: Value, at: Range) -> Results:
    """`value[index]`."""
    value = state.value(value)
    found = state.object(value)
    if isinstance(value, ClassValue | ExternalValue) or isinstance(found, Factory):
        return [(state, value)]
    if isinstance(found, State):
        return [(state, stores.take(machine, frame, state, found, stores.text_of(index), at))]
    if isinstance(found, Collection):
        return _of_collection(machine, frame, state, value, found, index, at)
    if isinstance(found, Query):
        return machine.call(frame, state, Method(value, "first"), Arguments(), at)
    if isinstance(found, Result):
        return [(state, found.row)]
    if isinstance(value, Method) and inspecting.is_view(value):
        return inspecting.item(machine, frame, state, value, index, at)
    if isinstance(value, Unknown):
        return [(state, state.value(Unknown((*value.key, "[]", index.value if isinstance(index, Const) else None))))]
    return [(state, machine.fresh(frame, state, at, "item"))]


def _of_collection(machine: Machine, frame: Frame, state: PathState, value: Value, found: Collection, index: Value, at: Range) -> Results:
    chosen = index.value if isinstance(index, Const) else None
    if found.items is not None and found.kind == "dict" and chosen in found.keys:
        return [(state, state.value(found.items[found.keys.index(chosen)]))]
    if (
        found.items is not None
        and found.kind in {"tuple", "list"}
        and isinstance(chosen, int)
        and -len(found.items) <= chosen < len(found.items)
    ):
        return [(state, state.value(found.items[chosen]))]
    if isinstance(index, Const):
        elements = elements_of(machine, frame, state, value)
        if len(elements) == 1:
            return [(state, state.value(elements[0]))]
    elif found.kind != "dict" and found.items is None and _is_slice(index):
        return [(state, value)]
    elements = elements_of(machine, frame, state, value)
    if not elements:
        return [(state, machine.fresh(frame, state, at, "item"))]
    return [(state.copy() if position else state, state.value(element)) for position, element in enumerate(elements[:MAX_ELEMENTS])]


def _is_slice(index: Value) -> bool:
    return isinstance(index, Unknown) and index.key[-1] == "slice"


def put_item(machine: Machine, frame: Frame, state: PathState, owner: Value, index: Value, value: Value, at: Range) -> list[PathState]:
    """`owner[index] = value`."""
    owner = state.value(owner)
    found = state.object(owner)
    if isinstance(found, State):
        stores.write(machine, frame, state, found, stores.text_of(index), value, at)
        return [state]
    openings.stored(machine, frame, state, owner, value, at)
    stores.put_into(machine, frame, state, owner, (value,), at)
    caches.put_into(machine, frame, state, owner, value, at)
    if isinstance(found, Collection) and isinstance(owner, Ref):
        state.heap[owner.key] = with_item(found, index.value if isinstance(index, Const) else None, value)
    else:
        escape(state, value)
    return [state]


def with_item(found: Collection, key: str | int | bool | None, value: Value) -> Collection:
    """A collection after an item was put into it."""
    if found.kind == "dict" and found.items is not None and key is not None:
        pairs = {**dict(zip(found.keys, found.items, strict=False)), key: value}
        return Collection("dict", tuple(pairs.values()), tuple(pairs))
    elements = dict.fromkeys((value, *(found.items or ()), *found.elements))
    return Collection(found.kind, None, (), tuple(elements)[:MAX_ELEMENTS], is_filled=True)
