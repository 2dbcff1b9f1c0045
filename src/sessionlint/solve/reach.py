"""What can be reached from where in a state's heap: who owns a session, and what may be forgotten."""

from __future__ import annotations

from collections.abc import Iterable

from sessionlint.solve.objects import (
    Collection,
    ContextManager,
    Coroutine,
    Generator,
    HeapObject,
    Instance,
    LateComprehension,
    Object,
    Partial,
    Query,
    Result,
)
from sessionlint.solve.state import PathState
from sessionlint.solve.values import FunctionValue, Key, Method, Ref, Super, Unknown, Value


def references(found: HeapObject) -> Iterable[Value]:
    """The values that an object holds; an instance does not hold its session."""
    match found:
        case Instance():
            return [value for _, value in found.children]
        case Query():
            return () if found.session is None else (found.session,)
        case Result():
            return (found.row,)
        case Collection():
            return (*(found.items or ()), *found.elements)
        case Object():
            return [value for _, value in (*found.fields, *found.seen)]
        case Generator() | Partial() | Coroutine():
            return (found.function, *found.arguments.all())
        case LateComprehension():
            return () if found.source is None else (found.source,)
        case ContextManager():
            return (*((found.subject,) if found.subject is not None else ()), *found.entered)
        case _:
            return ()


def reachable(state: PathState, values: Iterable[Value], envs: Iterable[Key] = ()) -> tuple[set[Key], set[Key]]:
    """The keys of the heap objects and of the variables that can be reached from `values` and the variables `envs`."""
    objects, scopes = set[Key](), set[Key]()
    pending, waiting = list(values), list(envs)
    while pending or waiting:
        if waiting:
            env = waiting.pop()
            if env in scopes:
                continue
            scopes.add(env)
            if found := state.variables.get(env):
                pending += found.names.values()
                if found.outer is not None:
                    waiting.append(found.outer)
            continue
        value = pending.pop()
        if isinstance(value, Unknown):
            value = state.value(value)
        if isinstance(value, Ref) and value.key not in objects:
            objects.add(value.key)
            if (thing := state.heap.get(value.key)) is not None:
                pending += references(thing)
                if isinstance(thing, LateComprehension):
                    waiting.append(thing.env)
        elif isinstance(value, Method):
            pending.append(value.receiver)
        elif isinstance(value, Super):
            pending.append(value.instance)
        elif isinstance(value, FunctionValue):
            if value.bound is not None:
                pending.append(value.bound)
            if value.env is not None:
                waiting.append(value.env)
    return objects, scopes
