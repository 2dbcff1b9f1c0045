"""What a program sees of an instance's memory without loading anything: `__dict__`, `vars()`, `inspect(x).unloaded`, `loaded_value`.

Entry points: `seen`, `part`, `method`, `contains`, `is_no_value`. What is seen is a `Method` on the instance, named `@state`, `@dict`,
`@unloaded`, `@expired`, `@attrs` or, for one attribute's state, after the attribute behind a further `@`.
"""

from __future__ import annotations

from sessionlint.solve.orm.memory import is_in_memory
from sessionlint.solve.state.objects import Arguments, Instance
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import NONE, Const, ExternalValue, Method, Ref, Unknown, Value
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.source import Range

_SEEN = {"dict": "@dict", "unloaded": "@unloaded", "unloaded_expirable": "@unloaded", "expired_attributes": "@expired", "attrs": "@attrs"}
_MISSING = frozenset({"@unloaded", "@expired"})
_NO_VALUE = "sqlalchemy.orm.attributes.NO_VALUE"


def seen(subject: Value, name: str) -> Method | None:
    """`inspect(subject).name`, where that is a view of what is in memory."""
    return Method(subject, _SEEN[name]) if name in _SEEN else None


def is_view(value: Value) -> bool:
    """Whether a value is one of the views."""
    return isinstance(value, Method) and value.name.startswith("@")


def is_no_value(value: Value) -> bool:
    """Whether a value is the symbol that stands for what is not loaded."""
    return isinstance(value, ExternalValue) and value.name.startswith("sqlalchemy.") and value.name.endswith((".NO_VALUE", ".NEVER_SET"))


def part(machine: Machine, frame: Frame, state: PathState, view: Method, name: str, at: Range) -> Results:
    """`view.name`, and `view["name"]` of a view that is a mapping."""
    if view.name == "@attrs":
        return [(state, Method(view.receiver, f"@@{name}"))]
    if view.name.startswith("@@"):
        attribute = view.name[2:]
        if name == "value":
            return machine.read(frame, state, view.receiver, attribute, at, at)
        if name == "loaded_value":
            return _value(machine, frame, state, view.receiver, attribute, ExternalValue(_NO_VALUE), at)
    return [(state, Method(view, name))]


def item(machine: Machine, frame: Frame, state: PathState, view: Method, index: Value, at: Range) -> Results:
    """`view[index]`."""
    if isinstance(index, Const) and isinstance(index.value, str):
        if view.name == "@attrs":
            return part(machine, frame, state, view, index.value, at)
        if view.name == "@dict":
            return _value(machine, frame, state, view.receiver, index.value, Unknown(frame.site(at, "item")), at)
    return [(state, machine.fresh(frame, state, at, "item"))]


def method(machine: Machine, frame: Frame, state: PathState, view: Method, name: str, arguments: Arguments, at: Range) -> Results:
    """`view.name(…)`."""
    first, default = arguments.get(0, "key"), arguments.get(1, "default")
    if name == "get" and isinstance(first, Const) and isinstance(first.value, str):
        if view.name == "@dict":
            return _value(machine, frame, state, view.receiver, first.value, default or NONE, at)
        return item(machine, frame, state, view, first, at)
    if name in {"keys", "copy"}:
        return [(state, view)]
    if name == "__contains__" and first is not None:
        answer = contains(machine, state, first, view)
        return [(state, Const(answer) if answer is not None else machine.fresh(frame, state, at, name))]
    return [(state, machine.fresh(frame, state, at, name))]


def contains(machine: Machine, state: PathState, name: Value, view: Value) -> bool | None:
    """Whether `name in view` holds; None where that cannot be told."""
    if not isinstance(view, Method) or view.name not in {"@dict", *_MISSING}:
        return None
    found = state.value(name)
    text = found.value if isinstance(found, Const) and isinstance(found.value, str) else ""
    is_there = _is_there(machine, state, view.receiver, text)
    if is_there is not None and view.name == "@expired":
        thing = state.object(view.receiver)
        return isinstance(thing, Instance) and (thing.is_expired or text in thing.stale)
    return None if is_there is None else is_there != (view.name in _MISSING)


def _is_there(machine: Machine, state: PathState, subject: Value, name: str) -> bool | None:
    thing = state.object(subject)
    model = machine.program.models.get(thing.model) if isinstance(thing, Instance) else None
    attribute = model.attributes.get(name) if model is not None else None
    if not isinstance(thing, Instance) or thing.is_opaque or attribute is None:
        return None
    return is_in_memory(thing, attribute) and (not thing.is_transient or thing.child(name) is not None)


def _value(machine: Machine, frame: Frame, state: PathState, subject: Value, name: str, otherwise: Value, at: Range) -> Results:
    """An attribute's value where it is in memory, `otherwise` where it is not."""
    is_there = _is_there(machine, state, subject, name)
    if is_there is None or not isinstance(state.value(subject), Ref):
        return [(state, machine.fresh(frame, state, at, name))]
    return machine.read(frame, state, subject, name, at, at) if is_there else [(state, otherwise)]
