"""Methods of lists, dicts, sets and tuples, and the built-in functions that make them. Entry points: `collection_method`, `BUILTINS`."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from sessionlint.solve.keeping import caches, stores
from sessionlint.solve.limits import MAX_ELEMENTS
from sessionlint.solve.orm import instances
from sessionlint.solve.scopes import openings
from sessionlint.solve.state.gathering import empty, gather
from sessionlint.solve.state.objects import Arguments, Collection, Generator, Instance, LateComprehension, Session
from sessionlint.solve.state.outcome import Outcome
from sessionlint.solve.state.reach import reachable
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import NONE, Const, FunctionValue, Key, Ref, Super, Unknown, Value
from sessionlint.solve.walk import attributes, iteration
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.solve.walk.subscripts import elements_of, with_item
from sessionlint.source import Range

_ADDS = frozenset({"append", "add", "insert", "appendleft", "push", "put"})
_REMOVES = frozenset({"pop", "popleft", "popitem", "remove", "discard", "clear", "difference_update", "intersection_update"})


def collection_method(machine: Machine, frame: Frame, state: PathState, key: Key, name: str, arguments: Arguments, at: Range) -> Results:
    """`collection.name(…)`."""
    found = state.heap[key]
    assert isinstance(found, Collection)
    _tell(machine, frame, state, key, name, arguments, at)
    if name in _ADDS and arguments.positional:
        state.heap[key] = with_item(found, None, arguments.positional[-1])
        openings.stored(machine, frame, state, Ref(key), arguments.positional[-1], at)
        return [(state, NONE)]
    if name in {"extend", "update", "union", "__iadd__"}:
        return _extend(machine, frame, state, key, arguments, at)
    if name == "setdefault":
        state.heap[key] = with_item(found, _constant(arguments.get(0, "key")), arguments.get(1, "default") or NONE)
        return [(state, arguments.get(1, "default") or NONE)]
    if name in _REMOVES:
        state.heap[key] = replace(found, is_filled=False)
    if name in {"get", "pop", "popleft", "popitem"}:
        return _get(machine, frame, state, key, found, arguments, at)
    if name in {"values", "copy", "items"}:
        values = tuple(elements_of(machine, frame, state, Ref(key)))
        if name == "items":
            label = machine.fresh(frame, state, at, "key")
            values = tuple(state.put(frame.site(at, f"pair{n}"), Collection("tuple", (label, value))) for n, value in enumerate(values))
        return [(state, state.put(frame.site(at, name), Collection("list", None, (), values)))]
    if name == "sort":
        return _keyed(machine, frame, state, Ref(key), arguments, at, NONE)
    return [(state, machine.fresh(frame, state, at, name))]


def _tell(machine: Machine, frame: Frame, state: PathState, key: Key, name: str, arguments: Arguments, at: Range) -> None:
    """What is put into a collection is put into the store or cache that holds it."""
    if name in _ADDS | {"extend", "update", "setdefault", "__iadd__"}:
        values = arguments.all()[1:] if name == "setdefault" else arguments.all()
        stores.put_into(machine, frame, state, Ref(key), values, at)
        for value in values if name in {"update", "setdefault"} else ():
            caches.put_into(machine, frame, state, Ref(key), value, at)


def _constant(value: Value | None) -> str | int | bool | None:
    return value.value if isinstance(value, Const) else None


def _extend(machine: Machine, frame: Frame, state: PathState, key: Key, arguments: Arguments, at: Range) -> Results:
    done: Results = []
    states = [state]
    for given in arguments.positional:
        following: list[PathState] = []
        for current in states:
            for after, values in iteration.drain(machine, frame, current, given, at):
                for value in values:
                    found = after.heap.get(key)
                    if isinstance(found, Collection):
                        after.heap[key] = with_item(found, None, value)
                following.append(after)
        states = following
    done += [(current, NONE) for current in states]
    return done


def _get(machine: Machine, frame: Frame, state: PathState, key: Key, found: Collection, arguments: Arguments, at: Range) -> Results:
    chosen = _constant(arguments.get(0, "key"))
    if found.items is not None and found.kind == "dict" and chosen in found.keys:
        return [(state, state.value(found.items[found.keys.index(chosen)]))]
    elements = elements_of(machine, frame, state, Ref(key))
    if found.items is not None and found.kind == "dict":
        elements = []
    if not elements:
        return [(state, machine.fresh(frame, state, at, "item"))]
    return [(state.copy() if position else state, state.value(value)) for position, value in enumerate(elements[:MAX_ELEMENTS])]


def _keyed(machine: Machine, frame: Frame, state: PathState, value: Value, arguments: Arguments, at: Range, result: Value) -> Results:
    """Call the `key=` function on each element; `result` is what comes of it all."""
    function = next((given for name, given in arguments.keywords if name == "key"), None)
    if function is None:
        return [(state, result)]

    def turn(current: PathState, element: Value) -> Outcome:
        return Outcome(normal=[after for after, _ in machine.call(frame, current, function, Arguments((element,)), at)])

    out = machine.iterate(frame, state, value, at, turn)
    return [(after, result) for after in out.normal]


def _collected(kind: str) -> Callable[[Machine, Frame, PathState, Arguments, Range], Results]:
    def build(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
        if not arguments.positional:
            keywords = tuple(name for name, _ in arguments.keywords)
            items = tuple(value for _, value in arguments.keywords)
            return [(state, state.put(frame.site(at, kind), Collection(kind, items, keywords)))]
        done: Results = []
        for after, values in iteration.drain(machine, frame, state, arguments.positional[0], at):
            ref = after.put(frame.site(at, kind), Collection(kind, None, (), values))
            done += _keyed(machine, frame, after, ref, arguments, at, ref)
        return done

    return build


def _same(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    return [(state, arguments.positional[0] if arguments.positional else NONE)]


def _one(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`min`, `max`: one of the elements."""
    if len(arguments.positional) > 1:
        return [(state, arguments.positional[0])]
    done: Results = []
    for after, values in iteration.drain(machine, frame, state, arguments.positional[0], at) if arguments.positional else []:
        ref = after.put(frame.site(at, "candidates"), Collection("list", None, (), values))
        for found, _ in _keyed(machine, frame, after, ref, arguments, at, NONE):
            done.append((found, values[0] if values else machine.fresh(frame, found, at)))
    return done


def _consumed(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`sum`, `any`, `all`, `len`: everything is looked at, nothing is kept."""
    if not arguments.positional:
        return [(state, machine.fresh(frame, state, at))]
    return [(after, machine.fresh(frame, after, at)) for after, _ in iteration.drain(machine, frame, state, arguments.positional[0], at)]


def _next_of_plain(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`next()`: what an asynchronous generator raises on."""
    found = state.object(arguments.get(0, "iterator"))
    function = found.function if isinstance(found, Generator) else None
    if isinstance(function, FunctionValue) and machine.program.function(function.id).is_async:
        return [(state, machine.fresh(frame, state, at, "next"))]
    return _next(machine, frame, state, arguments, at)


def _next(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`next(generator)`: it runs to its first `yield` and stays there."""
    if not arguments.positional:
        return [(state, machine.fresh(frame, state, at))]
    value = arguments.positional[0]
    if not isinstance(state.object(value), Generator | LateComprehension | Collection):
        return [(state, machine.fresh(frame, state, at, "next"))]
    reached: Results = []
    holders, _ = reachable(state, (), machine.live)
    known = state.value(value)
    is_anonymous = isinstance(known, Ref) and known.key not in holders

    def stop(current: PathState, element: Value) -> Outcome:
        suspended = current.copy()
        session, ref = suspended.object(element), suspended.value(element)
        if isinstance(session, Session) and isinstance(ref, Ref) and session.owner is not None:
            # nobody can resume a generator that has no name, so whoever asked for its value has the session
            owner = frame.key if is_anonymous else None
            suspended.heap[ref.key] = replace(session, owner=owner, acquired_at=frame.at(at))
        reached.append((suspended, element))
        return Outcome()

    out = machine.iterate(frame, state, value, at, stop)
    if len(arguments.positional) > 1:
        reached += [(after, arguments.positional[1]) for after in out.normal[:1]]
    else:
        for after in out.normal[:1]:
            machine.may_raise(frame, after, at)
    return reached


def _paired(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`enumerate`, `zip`: tuples of elements."""
    states: list[tuple[PathState, tuple[Value, ...]]] = [(state, ())]
    for given in arguments.positional:
        following = []
        for current, parts in states:
            for after, values in iteration.drain(machine, frame, current, given, at):
                following.append((after, (*parts, values[0] if values else machine.fresh(frame, after, at, f"part{len(parts)}"))))
        states = following
    done: Results = []
    for after, parts in states:
        row = after.put(frame.site(at, "pair"), Collection("tuple", parts))
        done.append((after, after.put(frame.site(at, "pairs"), Collection("list", None, (), (row,)))))
    return done


def _enumerate(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    return _paired(machine, frame, state, Arguments((Unknown(frame.site(at, "index")), *arguments.positional[:1])), at)


def _map(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`map(function, values)`, walked at once."""
    if len(arguments.positional) < 2:
        return [(state, machine.fresh(frame, state, at))]
    key = frame.site(at, "map")

    def turn(current: PathState, element: Value) -> Outcome:
        out = Outcome()
        for after, value in machine.call(frame, current, arguments.positional[0], Arguments((element,)), at):
            gather(after, key, value)
            out.normal.append(after)
        return out

    with machine.pinning() as pinned:
        ref = empty(state, key, "list")
        pinned.append(ref)
        out = machine.iterate(frame, state, arguments.positional[1], at, turn)
    return [(after, ref) for after in out.normal]


def _filter(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    if len(arguments.positional) < 2:
        return [(state, machine.fresh(frame, state, at))]
    return [
        (after, after.put(frame.site(at, "filter"), Collection("list", None, (), values)))
        for mapped, _ in _map(machine, frame, state, arguments, at)
        for after, values in iteration.drain(machine, frame, mapped, arguments.positional[1], at)
    ]


def _shown(method: str) -> Callable[[Machine, Frame, PathState, Arguments, Range], Results]:
    def show(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
        for value in arguments.positional:
            found = state.object(value)
            if isinstance(found, Collection):
                for element in elements_of(machine, frame, state, value):
                    instances.show(machine, frame, state, element, at, "__repr__")
            elif isinstance(found, Instance):
                instances.show(machine, frame, state, value, at, method)
        return [(state, machine.fresh(frame, state, at))]

    return show


def _getattr(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    name = _constant(arguments.get(1, ""))
    if isinstance(name, str) and arguments.positional:
        return machine.read(frame, state, arguments.positional[0], name, at, at)
    return [(state, machine.fresh(frame, state, at))]


def _vars(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`vars(instance)`: what is in memory of it."""
    first = arguments.positional[0] if arguments.positional else NONE
    is_mapped = isinstance(state.object(first), Instance)
    return machine.read(frame, state, first, "__dict__", at, at) if is_mapped else [(state, machine.fresh(frame, state, at, "vars"))]


def _setattr(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    name = _constant(arguments.get(1, ""))
    if len(arguments.positional) > 2:
        attributes.write(machine, frame, state, arguments.positional[0], name if isinstance(name, str) else "", arguments.positional[2], at)
    return [(state, NONE)]


def _super(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    first = frame.facts.parameters[0].name if frame.facts.parameters else ""
    instance = state.get_variable(frame.key, first)
    owner = machine.program.owner_of(frame.function)
    if instance is None or owner is None:
        return [(state, machine.fresh(frame, state, at))]
    return [(state, Super(instance, owner))]


BUILTINS: dict[str, Callable[[Machine, Frame, PathState, Arguments, Range], Results]] = {
    "list": _collected("list"),
    "tuple": _collected("tuple"),
    "set": _collected("set"),
    "frozenset": _collected("set"),
    "dict": _collected("dict"),
    "sorted": _collected("list"),
    "reversed": _collected("list"),
    "iter": _same,
    "aiter": _same,
    "min": _one,
    "max": _one,
    "sum": _consumed,
    "any": _consumed,
    "all": _consumed,
    "len": _consumed,
    "next": _next_of_plain,
    "anext": _next,
    "zip": _paired,
    "enumerate": _enumerate,
    "map": _map,
    "filter": _filter,
    "str": _shown("__str__"),
    "repr": _shown("__repr__"),
    "print": _shown("__str__"),
    "format": _shown("__str__"),
    "getattr": _getattr,
    "setattr": _setattr,
    "super": _super,
    "vars": _vars,
}
"""Built-in functions whose meaning is followed."""
