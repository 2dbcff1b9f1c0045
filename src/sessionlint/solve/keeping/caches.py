"""Sessions and instances that are kept in a cache. Entry points: `returned`, `put_into`, `put_by_method`."""

from __future__ import annotations

from sessionlint.facts import mentioned, ops
from sessionlint.facts.walk import statements
from sessionlint.knowledge.caches import CACHE_OBJECTS, CACHES, OTHER_CACHES, PUTS, TELLING
from sessionlint.link.symbols import External, FunctionId, FunctionSymbol
from sessionlint.solve.events import CacheFilled
from sessionlint.solve.history import History, Step
from sessionlint.solve.keeping.contents import contents
from sessionlint.solve.state.objects import Arguments, Collection, Foreign, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Key, Ref, Value
from sessionlint.solve.walk.machine import Frame, Machine
from sessionlint.source import Range


def returned(machine: Machine, frame: Frame, state: PathState, value: Value, at: Range) -> None:
    """`return value`: under a caching decorator it is kept."""
    cache = _cache_of(machine, frame.function)
    if cache:
        _record(machine, frame, state, value, cache, at, is_return=True)


def put_into(machine: Machine, frame: Frame, state: PathState, owner: Value, value: Value, at: Range) -> None:
    """`owner[key] = value`: of a cache, or of a dictionary that belongs to a module, a class or a decorator."""
    known, found = state.value(owner), state.object(owner)
    if not isinstance(known, Ref) or known.key[0] != "global":
        return
    if isinstance(found, Foreign) and found.name in CACHE_OBJECTS:
        _record(machine, frame, state, value, found.name.rpartition(".")[2], at)
    elif isinstance(found, Collection) and found.kind == "dict" and (name := _lasting_name(known.key)):
        _record(machine, frame, state, value, name, at, is_plain=True, is_registry=_is_emptied(machine, known.key, name))


def put_by_method(machine: Machine, frame: Frame, state: PathState, owner: Ref, name: str, arguments: Arguments, at: Range) -> None:
    """`cache.set(key, value)`."""
    value = arguments.get(PUTS.get(name, -1), "value")
    if value is not None:
        put_into(machine, frame, state, owner, value, at)


def put_by_call(machine: Machine, frame: Frame, state: PathState, name: str, arguments: Arguments, at: Range) -> None:
    """`cache.set(key, value)` of a cache that is a module's."""
    value = arguments.get(1, "value")
    if value is not None:
        _record(machine, frame, state, value, name.rpartition(".")[0], at)


def _record(
    machine: Machine,
    frame: Frame,
    state: PathState,
    value: Value,
    cache: str,
    at: Range,
    *,
    is_return: bool = False,
    is_plain: bool = False,
    is_registry: bool = False,
) -> None:
    firsts: dict[str, History] = {}
    for key, found in contents(machine, state, value):
        # a plain dictionary to which the session of a scope escapes is no cache
        is_other = is_plain and isinstance(found, Session) and (found.owner != frame.key or key in machine.managed)
        is_shared = isinstance(found, Session) and (found.is_scoped or is_registry)
        if not is_shared and not is_other:
            firsts.setdefault("session" if isinstance(found, Session) else "instance", found.history)
    for what, history in sorted(firsts.items(), reverse=True)[:1]:
        step = Step("store", frame.at(at), f"is {'returned and kept' if is_return else 'kept'} by `{cache}`")
        machine.recorder.add(CacheFilled(frame.at(at), frame.function, history.then(step), what, cache, is_return))


def _lasting_name(key: Key) -> str:
    """What a dictionary that outlives a call is called; empty for one that belongs to an object."""
    name = str(key[2])
    owner, _, attribute = name.partition(".")
    if name.isidentifier():
        return name
    if owner.isdigit() and attribute.isidentifier():
        return attribute
    return "the decorator" if name.startswith("#") else ""


def _is_emptied(machine: Machine, key: Key, name: str) -> bool:
    """Whether entries are taken out again somewhere, as of a registry of what is open."""
    module = machine.program.files.get(str(key[1]))
    for index in range(len(module.facts.functions)) if module is not None else ():
        function = machine.program.function(FunctionId(str(key[1]), index))
        for item in statements(function.body):
            if isinstance(item, ops.Delete) and any(mention == name for _, mention in mentioned(item.targets)):
                return True
        if {(name, "pop"), (name, "popitem"), (name, "clear")} & set(mentioned(function.body)):
            return True
    return False


def _cache_of(machine: Machine, function: FunctionId) -> str:
    """The caching decorator of a function, or the one that it is called with where it is assigned (`find = lru_cache(find)`)."""
    by_hand = wrapped(machine)
    if function in by_hand:
        return by_hand[function]
    points = [point for point in machine.program.entry_points.get(function, ()) if point.kind == "cached"]
    names = sorted(machine.program.decorator_names(function) - OTHER_CACHES)
    found = [name for name in names if name in CACHES or name.rpartition(".")[2] in TELLING]
    return found[0].rpartition(".")[2] if found else f"{points[0].framework}'s cache" if points else ""


def wrapped(machine: Machine) -> dict[FunctionId, str]:
    """The functions that a module wraps in a cache by hand."""
    if machine.wrapped is None:
        machine.wrapped = _wrapped(machine)
    return machine.wrapped


def _wrapped(machine: Machine) -> dict[FunctionId, str]:
    found: dict[FunctionId, str] = {}
    for file in sorted(machine.program.files):
        module = FunctionId(file, 0)
        body = machine.program.files[file].facts.functions[0].body if machine.program.files[file].facts.functions else ()
        for item in statements(body):
            if not isinstance(item, ops.Assign) or not isinstance(item.value, ops.Call) or len(item.value.args) != 1:
                continue
            func = item.value.func
            decorator = machine.program.resolve(module, func.func if isinstance(func, ops.Call) else func)
            function = machine.program.resolve(module, item.value.args[0])
            if isinstance(decorator, External) and decorator.name in CACHES and isinstance(function, FunctionSymbol):
                found[function.id] = decorator.name.rpartition(".")[2]
    return found
