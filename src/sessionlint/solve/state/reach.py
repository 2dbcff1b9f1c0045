"""What can be reached from where in a state's heap: who owns a session, and what may be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sessionlint.solve.state.objects import (
    Collection,
    Connection,
    ContextManager,
    Coroutine,
    Factory,
    Foreign,
    Generator,
    HeapObject,
    Instance,
    LateComprehension,
    Nothing,
    Object,
    Partial,
    Query,
    Result,
    Session,
    State,
    Task,
)
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import (
    ClassValue,
    Const,
    ExternalValue,
    FunctionValue,
    Key,
    MappedName,
    Method,
    ModuleValue,
    Ref,
    Super,
    Unknown,
    Value,
)


def references(found: HeapObject) -> Iterable[Value]:
    """The values that an object holds; an instance does not hold its session."""
    read = _REFERENCES.get(type(found))
    return () if read is None else read(found)


_REFERENCES: dict[type, Callable[[Any], Iterable[Value]]] = {
    Instance: lambda found: [value for _, value in found.children],
    Query: lambda found: () if found.session is None else (found.session,),
    Result: lambda found: (found.row,),
    Collection: lambda found: (*(found.items or ()), *found.elements),
    Object: lambda found: [value for _, value in (*found.fields, *found.seen)],
    Generator: lambda found: (found.function, *found.arguments.all()),
    Partial: lambda found: (found.function, *found.arguments.all()),
    Coroutine: lambda found: (found.function, *found.arguments.all()),
    LateComprehension: lambda found: () if found.source is None else (found.source,),
    Task: lambda found: (found.result,),
    ContextManager: lambda found: (*((found.subject,) if found.subject is not None else ()), *found.entered),
}


def reachable(state: PathState, values: Iterable[Value], envs: Iterable[Key] = ()) -> tuple[set[Key], set[Key]]:  # noqa: C901 (one loop: each call of a program looks at a hundred values)
    """The keys of the heap objects and of the variables that can be reached from `values` and the variables `envs`."""
    heap, variables = state.heap, state.variables
    objects, scopes = set[Key](), set[Key]()
    pending, waiting = list(values), list(envs)
    while pending or waiting:
        while waiting:
            env = waiting.pop()
            if env not in scopes:
                scopes.add(env)
                if found := variables.get(env):
                    pending += found.names.values()
                    if found.outer is not None:
                        waiting.append(found.outer)
        while pending:
            value = pending.pop()
            kind = type(value)
            if kind in _PLAIN:
                continue
            if type(value) is Ref:
                key = value.key
            elif type(value) is Unknown:
                key = ("object", *value.key)
                if key not in heap:
                    continue
            else:
                _follow(value, pending, waiting)
                continue
            if key not in objects:
                objects.add(key)
                thing = heap.get(key)
                if thing is not None and type(thing) not in _LEAVES:
                    pending += references(thing)
                    if type(thing) is LateComprehension:
                        waiting.append(thing.env)
    return objects, scopes


_PLAIN = frozenset({Const, ExternalValue, ClassValue, ModuleValue, MappedName})
"""Values that lead nowhere."""

_LEAVES = frozenset({Session, Nothing, State, Factory, Foreign, Connection})
"""Objects that hold no values."""


def _follow(value: Value, pending: list[Value], waiting: list[Key]) -> None:
    """What a value leads to that is no reference itself."""
    match value:
        case Method():
            pending.append(value.receiver)
        case Super():
            pending.append(value.instance)
        case FunctionValue():
            pending += [] if value.bound is None else [value.bound]
            waiting += [] if value.env is None else [value.env]
        case _:
            pass
