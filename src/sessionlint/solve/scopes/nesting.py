"""Scopes of one manager inside each other: the inner one gets the outer one's session, and ends it. Entry points: `entered`, `concern`."""

from __future__ import annotations

from sessionlint.facts import FunctionFacts, mentioned, ops
from sessionlint.facts.walk import statements
from sessionlint.solve.events import ScopeNested
from sessionlint.solve.history import EMPTY, Step
from sessionlint.solve.state.objects import Generator, Object, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import FunctionValue, Key, Ref, Value
from sessionlint.solve.walk.machine import Frame, Machine
from sessionlint.source import Range

_ENDING = {"close", "remove", "commit"}


def entered(machine: Machine, frame: Frame, state: PathState, manager: Value, at: Range) -> bool:
    """A `with` enters `manager`: True where that is a scope whose session inner ones share; whoever calls has to take it off again."""
    identity = _identity(machine, state, manager)
    if identity is None:
        return False
    outer = next((place for known, place in machine.scopes_open if known == identity), None)
    if outer is not None and outer != frame.at(at):
        history = EMPTY.then(Step("session", outer, "the outer scope is opened here"))
        machine.recorder.add(ScopeNested(frame.at(at), frame.function, history))
    machine.scopes_open.append((identity, frame.at(at)))
    return True


def concern(machine: Machine, function: FunctionValue) -> bool:
    """Whether a call has to be walked for the scopes that it may open inside an open one."""
    return bool(machine.scopes_open) and machine.relevance.may_open_scope(function.id)


def _identity(machine: Machine, state: PathState, manager: Value) -> Key | None:
    """The manager that a context belongs to, where all its scopes share one session and end it."""
    thing = state.object(manager)
    if isinstance(thing, Generator) and isinstance(thing.function, FunctionValue):
        function, receiver = thing.function.id, thing.function.bound
        if any(isinstance(state.object(value), Session) for value in thing.arguments.all()):
            return None
    elif isinstance(thing, Object):
        found = machine.program.method(thing.cls, "__enter__") or machine.program.method(thing.cls, "__aenter__")
        if found is None:
            return None
        function, receiver = found, None
    else:
        return None
    scope = machine.program.scopes.get(function)
    if scope is None or not scope.is_shared or not scope.closes or _asks_first(machine.program.function(function)):
        return None
    if scope.is_of_object:
        receiver = manager
    known = state.value(receiver) if receiver is not None else None
    return ("of", known.key) if isinstance(known, Ref) else ("scope", function.file, function.index)


def _asks_first(facts: FunctionFacts) -> bool:
    """Whether a scope ends the session only under a condition: it knows when it is an inner one."""
    for item in statements(facts.body):
        if isinstance(item, ops.If) and not _is_presence(item.test):
            if any(name in _ENDING for _, name in mentioned((item.body, item.orelse))):
                return True
            if any(isinstance(inner, ops.Return) for inner in statements(item.body)):
                return True
    return False


def _is_presence(test: ops.Expr) -> bool:
    """`session is not None`, `session is None`."""
    return isinstance(test, ops.Compare) and test.operators in {("is",), ("is not",)}
