"""What can be reached from where in a state's heap: who owns a session, and what may be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from sessionlint.solve.state.objects import (
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
    Task,
    Variables,
)
from sessionlint.solve.state.state import PathState, digested
from sessionlint.solve.state.values import FunctionValue, Key, Method, Ref, Super, Unknown, Value


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


def reachable(state: PathState, values: Iterable[Value], envs: Iterable[Key] = (), keys: Iterable[Key] = ()) -> tuple[set[Key], set[Key]]:
    """The keys of the heap objects and of the variables that can be reached from `values`, variables `envs` and the objects at `keys`."""
    heap, variables, turned = state.heap, state.variables, state.heap.turned
    objects, scopes = set(keys), set[Key]()
    entered, waiting = list(objects), list(envs)
    pending = [_linked(values)]
    while True:
        if pending:
            links = pending.pop()
        elif waiting:
            env = waiting.pop()
            if env in scopes:
                continue
            scopes.add(env)
            bound = variables.get(env)
            if bound is None:
                continue
            links = _links(bound)
        elif entered:
            thing = heap.get(entered.pop())
            if thing is None:
                continue
            links = _links(thing)
        else:
            return objects, scopes
        found = links.objects - objects
        if links.unknowns and not turned.isdisjoint(links.unknowns):
            found |= (links.unknowns & turned) - objects
        if found:
            objects |= found
            entered += found
        waiting += links.scopes


class Links(msgspec.Struct, frozen=True, gc=False):
    """Where an object, or the variables of an activation, lead to: objects, what unknowns are objects as if they are any, and variables."""

    objects: frozenset[Key] = frozenset()
    unknowns: frozenset[Key] = frozenset()
    scopes: tuple[Key, ...] = ()


_NOWHERE = Links()


def _links(thing: HeapObject | Variables) -> Links:
    known = digested.links.get(id(thing))
    if known is None:
        if isinstance(thing, Variables):
            links = _linked(thing.names.values(), () if thing.outer is None else (thing.outer,))
        else:
            links = _linked(references(thing), (thing.env,) if type(thing) is LateComprehension else ())
        digested.links[id(thing)] = known = (thing, links)
    return known[1]


def _linked(values: Iterable[Value], envs: tuple[Key, ...] = ()) -> Links:
    objects, unknowns, scopes = set[Key](), set[Key](), list(envs)
    pending = list(values)
    while pending:
        value = pending.pop()
        if type(value) is Unknown:
            unknowns.add(("object", *value.key))
        elif type(value) is Ref:
            objects.add(value.key)
        elif type(value) is FunctionValue:
            pending += [] if value.bound is None else [value.bound]
            scopes += [] if value.env is None else [value.env]
        elif type(value) is Method:
            pending.append(value.receiver)
        elif type(value) is Super:
            pending.append(value.instance)
    if not (objects or unknowns or scopes):
        return _NOWHERE
    return Links(frozenset(objects), frozenset(unknowns), tuple(scopes))
