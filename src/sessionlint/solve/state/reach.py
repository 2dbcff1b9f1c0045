"""What can be reached from where in a state's heap: who owns a session, and what may be forgotten."""

from __future__ import annotations

from collections.abc import Iterable

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
)
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import FunctionValue, Key, Method, Ref, Super, Unknown, Value


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
        case Task():
            return (found.result,)
        case ContextManager():
            return (*((found.subject,) if found.subject is not None else ()), *found.entered)
        case _:
            return ()


def reachable(state: PathState, values: Iterable[Value], envs: Iterable[Key] = ()) -> tuple[set[Key], set[Key]]:
    """The keys of the heap objects and of the variables that can be reached from `values` and the variables `envs`."""
    found = _Reached(state, list(values), list(envs))
    while found.pending or found.waiting:
        if found.waiting:
            found.enter_scope(found.waiting.pop())
        else:
            found.enter(found.pending.pop())
    return found.objects, found.scopes


class _Reached:
    """What was reached so far, and what is still to be looked at."""

    def __init__(self, state: PathState, pending: list[Value], waiting: list[Key]) -> None:
        self.state, self.pending, self.waiting = state, pending, waiting
        self.objects, self.scopes = set[Key](), set[Key]()

    def enter_scope(self, env: Key) -> None:
        if env in self.scopes:
            return
        self.scopes.add(env)
        if found := self.state.variables.get(env):
            self.pending += found.names.values()
            if found.outer is not None:
                self.waiting.append(found.outer)

    def enter(self, value: Value) -> None:
        match value:
            case Ref():
                self._enter_object(value.key)
            case Unknown():
                known = self.state.value(value)
                if isinstance(known, Ref):
                    self._enter_object(known.key)
            case Method():
                self.pending.append(value.receiver)
            case Super():
                self.pending.append(value.instance)
            case FunctionValue():
                self.pending += [] if value.bound is None else [value.bound]
                self.waiting += [] if value.env is None else [value.env]
            case _:
                pass

    def _enter_object(self, key: Key) -> None:
        if key in self.objects:
            return
        self.objects.add(key)
        thing = self.state.heap.get(key)
        if thing is not None:
            self.pending += references(thing)
            if isinstance(thing, LateComprehension):
                self.waiting.append(thing.env)
