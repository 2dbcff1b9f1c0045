"""Walks a function whose parameters a framework fills: its dependencies run first, those that yield around it, as in a request.

Entry points: `injected`, `serve`. FastAPI runs what stands after the `yield` when the response has been serialized, whatever the scope of
the dependency (https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from sessionlint.link.dependencies import Injection, injections, injections_of_class, route_dependencies
from sessionlint.link.symbols import FunctionId, FunctionSymbol
from sessionlint.solve.calls.activation import activate
from sessionlint.solve.events import DependencyReturnsSession
from sessionlint.solve.history import Step
from sessionlint.solve.meaning.annotations import is_context_manager
from sessionlint.solve.meaning.statics import evaluated
from sessionlint.solve.state.objects import Arguments, Object, Session
from sessionlint.solve.state.outcome import Outcome
from sessionlint.solve.state.reach import reachable
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import NONE, ClassValue, FunctionValue, Key, Unknown, Value
from sessionlint.solve.walk.machine import Consumer, Frame, Machine
from sessionlint.source import Location, Range


@dataclass(frozen=True, slots=True)
class Given:
    """What a request has made so far on a path: the arguments of the function being filled, and every dependency's cached value."""

    arguments: tuple[tuple[str, Value], ...] = ()
    cache: dict[object, Value] = field(default_factory=dict)


Then: TypeAlias = Callable[[PathState, Given], Outcome]
"""What runs once the arguments are there; a yield dependency runs around it."""


_MAX_CHAIN = 8
"""Dependencies of dependencies that are followed."""


def injected(machine: Machine, function: FunctionId) -> tuple[Injection, ...]:
    """What has to run before `function` can: its own injected parameters, then what its decorators name."""
    if not machine.has_injection:
        return ()
    return (*injections(machine.program, function), *route_dependencies(machine.program, function))


def serve(machine: Machine, frame: Frame, state: PathState, needs: tuple[Injection, ...], then: Then) -> Outcome:
    """Run `then` with the dependencies of the function of `frame` as arguments."""
    return _fill(machine, frame, state, needs, Given(), then)


def _fill(machine: Machine, frame: Frame, state: PathState, needs: tuple[Injection, ...], given: Given, then: Then) -> Outcome:
    if not needs:
        return then(state, given)
    need = needs[0]

    def go_on(current: PathState, value: Value, cache: dict[object, Value]) -> Outcome:
        filled = (*given.arguments, (need.name, value)) if need.name else given.arguments
        return _fill(machine, frame, current, needs[1:], Given(filled, cache), then)

    return _provide(machine, frame, state, need, given.cache, go_on)


Provided: TypeAlias = Callable[[PathState, Value, dict[object, Value]], Outcome]


def _provide(machine: Machine, frame: Frame, state: PathState, need: Injection, cache: dict[object, Value], then: Provided) -> Outcome:
    """The value of one dependency, from the request's cache or by running it with dependencies of its own."""
    dependency = _dependency(machine, state, need)
    if need.is_cached and dependency in cache:
        return then(state, cache[dependency], cache)
    function = _signature(machine, state, need, dependency)
    if function is None or frame.key.count("needs") > _MAX_CHAIN:
        return then(state, machine.fresh(frame, state, need.at, "dependency"), cache)
    asking = Frame(function, machine.program.function(function), (*frame.key, "needs", need.name, function), frame.depth, frame)
    asking.calls = frame.calls
    if isinstance(dependency, ClassValue):
        needs = injections_of_class(machine.program, dependency.id)
    else:
        needs = injections(machine.program, function)

    def run(current: PathState, given: Given) -> Outcome:
        def done(after: PathState, value: Value) -> Outcome:
            # the first value stays in the cache, also one that was not to be taken from there
            return then(after, value, {dependency: value, **given.cache})

        return _run(machine, frame, current, need.at, dependency, function, Arguments((), given.arguments, True), done)

    return _fill(machine, asking, state, needs, Given((), cache), run)


def _run(
    machine: Machine,
    frame: Frame,
    state: PathState,
    at: Range,
    dependency: Value,
    function: FunctionId,
    arguments: Arguments,
    then: Consumer,
) -> Outcome:
    """Call a dependency: what it returns, or yields and takes back, is what the request gets."""
    out = Outcome()
    called = _callable(machine, state, dependency)
    if not isinstance(called, FunctionValue):
        for found, value in machine.call(frame, state, dependency, arguments, at):
            _join(out, then(found, value))
        return out
    if machine.program.function(called.id).is_generator:
        done = activate(machine, frame, state, called, arguments, at, then)
        if done is None:
            return then(state, machine.fresh(frame, state, at, "dependency"))
        return Outcome(normal=[found for found, _ in done.returned], raised=done.raised)
    returned: list[_Handed] = []

    def note(found: PathState, value: Value, left: Range, by: Frame) -> None:
        returned.extend(_Handed(key, by.at(left), by.function) for key in _own_sessions(found, value, by.key))

    # what a wrapper returns stands in no line of the dependency
    done = activate(machine, frame, state, called, arguments, at, on_return=note if called.id == function else None)
    if done is None:
        return then(state, machine.fresh(frame, state, at, "dependency"))
    out.raised += done.raised
    for found, value in done.returned:
        after = then(found, value)
        for handed in returned:
            handed.report(machine, after.normal, frame)
        _join(out, after)
    return out


@dataclass(frozen=True, slots=True)
class _Handed:
    """A session that a dependency opened and returned."""

    session: Key
    left: Location
    function: FunctionId

    def report(self, machine: Machine, ended: list[PathState], asker: Frame) -> None:
        """Tell of it if the request is over and nobody closed it but the one who asked for it."""
        for state in ended:
            found = state.heap.get(self.session)
            if not isinstance(found, Session):
                continue
            left = "the request ends with it open" if found.is_open else "leaves it to each route to close it"
            if found.is_open or _is_closed_in(found, asker):
                history = found.history.then(Step("return", self.left, f"the dependency returns it, and {left}"))
                machine.recorder.add(DependencyReturnsSession(self.left, self.function, history))
                return


def _is_closed_in(session: Session, frame: Frame) -> bool:
    """Whether the function of `frame` closed it by a call of its own."""
    span = frame.facts.span
    ends = [step.at for step in session.history.steps() if step.role == "end"]
    return bool(ends) and ends[-1].file == frame.function.file and span.row <= ends[-1].range.row <= span.end_row


def _own_sessions(state: PathState, value: Value, owner: Key) -> list[Key]:
    """The sessions that a value is or holds, and that are for the frame `owner` to close."""
    objects, _ = reachable(state, [value])
    found = ((key, state.heap.get(key)) for key in objects)
    return sorted((key for key, thing in found if isinstance(thing, Session) and thing.owner == owner and thing.is_open), key=repr)


def _join(out: Outcome, other: Outcome) -> None:
    out.normal += other.normal
    out.add_exits(other)


def _dependency(machine: Machine, state: PathState, need: Injection) -> Value:
    """What `Depends(…)` is given, as the program makes it once."""
    if need.dependency is None:
        return ClassValue(need.cls) if need.cls is not None else NONE
    place = need.dependency.at
    return evaluated(machine, state, need.scope, f"Depends {place.row}:{place.column}", need.dependency, None)


def _callable(machine: Machine, state: PathState, dependency: Value) -> Value:
    """What is called when a dependency is: an object's `__call__`, else itself."""
    found = state.object(dependency)
    method = machine.program.method(found.cls, "__call__") if isinstance(found, Object) else None
    if method is not None and isinstance(found, Object):
        return FunctionValue(method, None, state.value(dependency), found.cls)
    is_manager = isinstance(dependency, FunctionValue) and is_context_manager(machine, dependency.id)
    return Unknown(("dependency",)) if is_manager else dependency


def _signature(machine: Machine, state: PathState, need: Injection, dependency: Value) -> FunctionId | None:
    """The function whose parameters a dependency's are: a wrapper (`functools.wraps`) shows those of what it wraps."""
    symbol = machine.program.resolve(need.scope, need.dependency) if need.dependency is not None else None
    if isinstance(symbol, FunctionSymbol):
        return symbol.id
    called = _callable(machine, state, dependency)
    if isinstance(called, ClassValue):
        return machine.program.method(called.id, "__init__") or FunctionId(called.id.file, 0)
    return called.id if isinstance(called, FunctionValue) else None
