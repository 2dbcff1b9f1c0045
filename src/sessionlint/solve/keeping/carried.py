"""What a call takes along that is made somewhere else: in its arguments, what its functions close over, the object that a method is bound
to. Entry points: `carried`, `is_guarded`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from sessionlint.facts import FunctionFacts, mentioned, ops
from sessionlint.facts.walk import statements
from sessionlint.link.symbols import FunctionId
from sessionlint.solve.calls.fields import field
from sessionlint.solve.state.objects import Collection, Coroutine, Generator, Instance, Object, Partial, Query, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import FunctionValue, Key, Method, Ref, Value
from sessionlint.solve.walk.machine import Frame, Machine

_DEPTH = 5


@dataclass(frozen=True, slots=True)
class Carried:
    """A session or an attached instance. `is_own`: the object that takes it along made it, and nobody else uses it."""

    key: Key
    thing: Session | Instance
    is_own: bool = False


def carried(
    machine: Machine, frame: Frame, state: PathState, value: Value, depth: int = _DEPTH, seen: frozenset[object] = frozenset()
) -> Iterator[Carried]:
    """The sessions, other than scoped ones, and the attached instances that `value` takes along."""
    value = state.value(value)
    if depth == 0 or value in seen:
        return
    seen = seen | {value}
    found = state.object(value)
    if isinstance(found, Session | Instance) and isinstance(value, Ref) and _is_telling(state, found):
        yield Carried(value.key, found)
    for part in _parts(value, found):
        yield from carried(machine, frame, state, part, depth - 1, seen)
    if isinstance(value, FunctionValue):
        yield from _of_function(machine, frame, state, value, depth, seen)


def _parts(value: Value, found: object) -> tuple[Value, ...]:
    match found:
        case Collection():
            return (*(found.items or ()), *found.elements)
        case Object():
            return tuple(value for _, value in (*found.fields, *found.seen))
        case Partial() | Coroutine() | Generator():
            return (found.function, *found.arguments.all())
        case Query() if found.session is not None and found.is_legacy:
            return (found.session,)
        case _:
            # whoever gets only the `close` of a session ends it
            return (value.receiver,) if isinstance(value, Method) and value.name not in {"close", "aclose", "remove"} else ()


def _is_telling(state: PathState, found: Session | Instance) -> bool:
    """A session that is one thread's only, or an instance of one that is open."""
    if isinstance(found, Session):
        return not found.is_scoped
    session = state.heap.get(found.session) if found.session is not None else None
    return isinstance(session, Session) and session.is_open and not found.is_detached


def _of_function(
    machine: Machine, frame: Frame, state: PathState, function: FunctionValue, depth: int, seen: frozenset[object]
) -> Iterator[Carried]:
    """What a function reads of the variables around it, and of the object that it is bound to."""
    mentions = mentions_in(machine, function.id)
    if function.env is not None:
        own = machine.program.names.bindings(function.id).names.keys() | {found.name for found in _facts(machine, function.id).parameters}
        for name in sorted({name for receiver, name in mentions if receiver == ""} - own):
            value = state.get_variable(function.env, name)
            if value is not None:
                yield from carried(machine, frame, state, value, depth - 1, seen)
    bound = state.value(function.bound) if function.bound is not None else None
    target = state.object(bound)
    if isinstance(bound, Ref) and isinstance(target, Instance):
        yield from carried(machine, frame, state, bound, depth - 1, seen)
    parameters = _facts(machine, function.id).parameters
    if not isinstance(bound, Ref) or not isinstance(target, Object) or not parameters:
        return
    for name in sorted({name for receiver, name in mentions if receiver == parameters[0].name}):
        method = machine.program.method(target.cls, name)
        if method is not None:
            yield from carried(machine, frame, state, FunctionValue(method, None, bound, target.cls), depth - 1, seen)
            continue
        known = target.get(name)
        value = known if known is not None else field(machine, frame, state, bound, target, name)
        parts = _reached(machine, state, value, _taken_of(machine, function.id, parameters[0].name, name))
        for found in (found for part in parts for found in carried(machine, frame, state, part, depth - 1, seen)):
            is_own = found.key[0] == "global" and not _is_used_elsewhere(machine, target, name, function.id)
            yield Carried(found.key, found.thing, found.is_own or is_own)


def _taken_of(machine: Machine, function: FunctionId, owner: str, name: str) -> set[str]:
    """The attributes that a function takes of `owner.name`."""
    body = _facts(machine, function).body
    known = machine.below.get((function, owner, name))
    if known is None:
        machine.below[function, owner, name] = known = set(_below(body, owner, name))
    return known


def _below(found: object, owner: str, name: str) -> Iterator[str]:
    """The attributes that are taken of `owner.name`; an empty text where it is used as a whole."""
    if isinstance(found, ops.Attribute):
        match found.value:
            case ops.Attribute(value=ops.Name(id=inner)) if inner == owner and found.value.name == name:
                yield found.name
                return
            case ops.Name(id=inner) if inner == owner and found.name == name:
                yield ""
                return
            case _:
                pass
    if isinstance(found, tuple):
        for item in found:
            yield from _below(item, owner, name)
    elif isinstance(found, msgspec.Struct):
        for field_name in found.__struct_fields__:
            yield from _below(getattr(found, field_name), owner, name)


def _reached(machine: Machine, state: PathState, value: Value, names: set[str]) -> list[Value]:
    """What a function gets of a field: of another object only the methods and fields that it names."""
    known, found = state.value(value), state.object(value)
    if not isinstance(found, Object) or not isinstance(known, Ref) or "" in names or not names:
        return [value]
    parts: list[Value] = []
    for name in sorted(names):
        method = machine.program.method(found.cls, name)
        part = FunctionValue(method, None, known, found.cls) if method is not None else found.get(name)
        parts += [] if part is None else [part]
    return parts


def _is_used_elsewhere(machine: Machine, target: Object, name: str, function: FunctionId) -> bool:
    """Whether a method of the class that the hand-over does not run uses `self.name` as well."""
    methods = machine.program.class_(target.cls).methods
    reached, pending = {function}, [function]
    while pending:
        called = {other for _, other in mentions_in(machine, pending.pop())}
        for other in called & methods.keys():
            method = FunctionId(target.cls.file, methods[other])
            if method not in reached:
                reached.add(method)
                pending.append(method)
    others = {FunctionId(target.cls.file, index) for method, index in methods.items() if method not in _LIFECYCLE} - reached
    return any(name == mention and receiver for other in others for receiver, mention in mentions_in(machine, other))


_LIFECYCLE = frozenset({"__init__", "__del__", "__enter__", "__exit__", "close", "stop", "shutdown", "join", "__aenter__", "__aexit__"})
"""Methods that only make and end what an object has."""


def _facts(machine: Machine, function: FunctionId) -> FunctionFacts:
    return machine.program.function(function)


def mentions_in(machine: Machine, function: FunctionId) -> set[tuple[str, str]]:
    """The names and attributes that a function mentions, the functions inside it included."""
    return machine.kept(machine.mentions, function, lambda: _mentions(machine, function))


def _mentions(machine: Machine, function: FunctionId) -> set[tuple[str, str]]:
    found = set(mentioned(_facts(machine, function).body))
    for index, inner in enumerate(machine.program.files[function.file].facts.functions):
        if inner.parent == function.index and function.index:
            found |= mentions_in(machine, FunctionId(function.file, index))
    return found


def is_guarded(machine: Machine, state: PathState, value: Value) -> bool:
    """Whether the function that is handed over takes a lock for what it does."""
    found = state.object(value)
    function = found.function if isinstance(found, Partial | Coroutine) else value
    if not isinstance(function, FunctionValue):
        return False
    items = (item for found in statements(_facts(machine, function.id).body) if isinstance(found, ops.With) for item in found.items)
    return any("lock" in name.lower() for item in items for _, name in mentioned(item.context))
