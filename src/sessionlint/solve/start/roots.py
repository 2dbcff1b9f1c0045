"""Where walks start: every function that can matter, with parameters as their annotations promise, and what every model is looked at
with. Entry point: `walk_all`."""

from __future__ import annotations

import gc
import sys
from functools import partial

from msgspec.structs import replace

from sessionlint.link.symbols import FunctionId, FunctionSymbol
from sessionlint.solve.again.earlier import Earlier, RootResult
from sessionlint.solve.calls.activation import activate, bind, run_frame, values_in
from sessionlint.solve.events import StateStored
from sessionlint.solve.frameworks import users
from sessionlint.solve.frameworks.injection import Given, injected, serve
from sessionlint.solve.frameworks.serializing import responder
from sessionlint.solve.meaning.annotations import class_object, record_taken
from sessionlint.solve.meaning.names import symbol_value
from sessionlint.solve.orm import failures
from sessionlint.solve.scopes.shared import find_shared
from sessionlint.solve.start.accessors import LookedAt, looked_at
from sessionlint.solve.start.ahead import Spread, ahead
from sessionlint.solve.state.notes import Note, close
from sessionlint.solve.state.objects import Arguments, Collection, Factory, Object, Variables
from sessionlint.solve.state.outcome import Outcome
from sessionlint.solve.state.reach import reachable
from sessionlint.solve.state.recorder import Recorder
from sessionlint.solve.state.state import PathState, forget_digests
from sessionlint.solve.state.tracking import TRACKED
from sessionlint.solve.state.values import ClassValue, FunctionValue, Key, Option, Value
from sessionlint.solve.walk.machine import Frame, Machine, TooLarge
from sessionlint.source import Range

_RECURSION = 12_000
"""Python frames that a walk may need: a dozen for each level of expression, statement and call."""


def walk_all(machine: Machine, earlier: Earlier, spread: Spread | None = None) -> None:
    """Walk every root of the program of which no earlier result holds."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION))
    # the facts of a large program are millions of objects that live as long as the walk: looking through them again and again finds nothing
    gc.freeze()
    told = Recorder()
    try:
        for loader in users.loaders(machine):
            told.merge(_walked(machine, loader, None, is_loader=True).recorder)
        users.settle(machine)
        earlier.compare(machine)
        order = machine.relevance.roots()
        if spread is not None:
            earlier.ahead(ahead(machine, order, earlier.outlook(order), partial(_walked, machine, model=None), spread))
        for function in order:
            if machine.relevance.is_worth_walking(function):
                told.merge(_result(machine, earlier, function, None).recorder)
            else:
                machine.relevance.exports[function] = False
        for seen in looked_at(machine.program):
            told.merge(_result(machine, earlier, seen.function, seen).recorder)
    finally:
        sys.setrecursionlimit(before)
        gc.unfreeze()
    machine.begin()
    machine.recorder = told
    _resolve_taken(machine)
    find_shared(machine)


def _result(machine: Machine, earlier: Earlier, function: FunctionId, model: LookedAt | None) -> RootResult:
    """What walking a root gives, or gave."""
    key = (function, model.model if model is not None else None, model.context if model is not None else "")
    result = earlier.get(key, machine)
    if result is None:
        result = _walked(machine, function, model)
        earlier.put(key, result)
    if result.exports is not None:
        machine.relevance.exports[function] = result.exports
    if result.is_too_large:
        machine.relevance.too_large.add(function)
    return result


def _walked(machine: Machine, function: FunctionId, model: LookedAt | None, *, is_loader: bool = False) -> RootResult:
    machine.recorder = Recorder()
    note = Note({function})
    machine.noting(note)
    relevance = machine.relevance
    known, was_large = relevance.exports.get(function), function in relevance.too_large
    _guarded(machine, function, model, is_loader=is_loader)
    machine.noting(Note())
    for key in close(machine.statics, note.statics):
        note.include(machine.statics.known[key].note)
    note.statics.clear()
    exports, is_too_large = relevance.exports.get(function), function in relevance.too_large
    return RootResult(machine.recorder, note, exports if exports != known else None, is_too_large and not was_large)


def _guarded(machine: Machine, function: FunctionId, model: LookedAt | None, *, is_loader: bool = False, is_alone: bool = False) -> None:
    """Walk a root; one that is too large with what a framework runs around it once more without (`is_alone`)."""
    machine.begin()
    forget_digests()
    try:
        if is_loader:
            _walk_loader(machine, function)
        else:
            walk(machine, function, model, is_alone=is_alone)
    except (TooLarge, RecursionError):
        if model is None and not is_loader and not is_alone and injected(machine, function):
            _guarded(machine, function, None, is_alone=True)
            return
        machine.recorder.truncate(function)
        machine.relevance.too_large.add(function)
    except Exception as error:
        machine.recorder.fail(function, error)


def walk(machine: Machine, function: FunctionId, model: LookedAt | None, *, is_alone: bool = False) -> None:
    """Walk one root; with `model` it is an accessor of a model, on an instance of which nobody knows how it was loaded. `is_alone` leaves
    out what runs around it."""
    facts = machine.program.function(function)
    key: Key = ("root", function.file, function.index)
    frame = Frame(function, facts, key, 0, context=model.context if model is not None else "")
    state = PathState()
    env = _enclosing(machine, state, function)
    state.variables[key] = Variables({}, env)
    receiver = _receiver(machine, state, function, model)
    around = model is None and not is_alone
    if around and _walk_around(machine, frame, state.copy(), FunctionValue(function, env, receiver, machine.program.owner_of(function))):
        return
    frame.on_return = responder(machine, function)
    bind(machine, frame, state, facts, Arguments(is_open=True), receiver)
    given, handed = frozenset(state.heap), values_in(state, key)
    machine.has_generic_query = False
    with machine.pinning() as pinned:
        pinned.extend(handed)
        out = run_frame(machine, frame, state)
    failures.left(machine, frame, out)
    if model is None:
        machine.relevance.exports[function] = (
            facts.is_generator
            or machine.has_generic_query
            or any(_comes_out(machine, found, value, handed, given, has_no_promise=facts.returns is None) for found, value in out.returned)
        )


def _walk_loader(machine: Machine, function: FunctionId) -> None:
    """Walk a user loader for nothing but what it returns; the rest is said when it is walked as a root."""
    key: Key = ("root", function.file, function.index)
    facts = machine.program.function(function)
    returned: list[tuple[PathState, Value, Range]] = []
    frame, state = Frame(function, facts, key, 0), PathState()
    frame.on_return = lambda found, value, at, _: returned.append((found.copy(), value, at))
    state.variables[key] = Variables({}, _enclosing(machine, state, function))
    bind(machine, frame, state, facts, Arguments(is_open=True), _receiver(machine, state, function, None))
    machine.recorder.is_silent = True
    try:
        run_frame(machine, frame, state)
    finally:
        machine.recorder.is_silent = False
    for found, value, at in returned:
        users.remember(machine, frame, found, value, at)


def _walk_around(machine: Machine, frame: Frame, state: PathState, function: FunctionValue) -> bool:
    """Walk a root with what runs around it: the dependencies that a framework injects, the program's own decorators.

    False where there is nothing of this, or where it never comes to the function itself.
    """
    needs = injected(machine, function.id)
    called = _wrapper(machine, state, function)
    if not needs and called is None:
        return False
    facts = frame.facts
    machine.has_generic_query = False
    exports = False
    handed, before = [] if function.bound is None else [function.bound], frozenset(state.heap)

    def run(current: PathState, given: Given) -> Outcome:
        nonlocal exports
        on_return = responder(machine, function.id) if called is None else None
        out = activate(machine, frame, current, called or function, Arguments((), given.arguments, True), facts.at, None, on_return)
        if out is None:
            return Outcome(normal=[current])
        is_open = facts.returns is None
        exports |= any(_comes_out(machine, found, value, handed, before, has_no_promise=is_open) for found, value in out.returned)
        return Outcome(normal=[found for found, _ in out.returned], raised=out.raised)

    machine.live.append(frame.key)
    serve(machine, frame, state, needs, run)
    machine.live.remove(frame.key)
    if not any(found.function == function.id for found in machine.frames.values()):
        return False
    machine.relevance.exports[function.id] = facts.is_generator or machine.has_generic_query or exports
    return True


def _wrapper(machine: Machine, state: PathState, function: FunctionValue) -> FunctionValue | None:
    """What a function's name stands for where a decorator of the program that handles sessions wraps it."""
    facts = machine.program.function(function.id)
    if not facts.decorators or facts.parent >= 0:
        return None
    value = symbol_value(machine, state, FunctionSymbol(function.id))
    if not isinstance(value, FunctionValue) or value.id == function.id or not machine.relevance.is_relevant(value.id):
        return None
    return replace(value, bound=function.bound, owner=function.owner) if value.bound is None else value


def _comes_out(
    machine: Machine, state: PathState, value: Value, handed: list[Value], given: frozenset[Key], *, has_no_promise: bool
) -> bool:
    """Whether something of interest can be reached from the result of a call, or was made in it and put into what it was given."""
    returned, _ = reachable(state, [value])
    if (has_no_promise and isinstance(state.object(value), Object)) or _holds_option(state, value):
        return True
    if isinstance(value, FunctionValue) and machine.relevance.is_relevant(value.id):
        return True
    if any(isinstance(state.heap.get(key), (*TRACKED, Factory)) for key in returned):
        return True
    kept, _ = reachable(state, handed)
    return any(isinstance(state.heap.get(key), TRACKED) for key in kept - given if key[0] in {"root", "call"})


def _holds_option(state: PathState, value: Value, depth: int = 2) -> bool:
    """Whether a value is a loader option or a collection of some."""
    found = state.object(value)
    if depth and isinstance(found, Collection):
        return any(_holds_option(state, inner, depth - 1) for inner in (*(found.items or ()), *found.elements))
    return isinstance(value, Option)


def _receiver(machine: Machine, state: PathState, function: FunctionId, model: LookedAt | None) -> Value | None:
    """What `self` or `cls` is."""
    facts = machine.program.function(function)
    owner = machine.program.owner_of(function)
    if owner is None or not facts.parameters:
        return None
    kinds = machine.program.decorator_names(function)
    if "builtins.staticmethod" in kinds:
        return None
    if "builtins.classmethod" in kinds or facts.name in {"__new__", "__init_subclass__"}:
        return ClassValue(owner)
    key: Key = ("self", function.file, function.index)
    if model is not None:
        return state.put(key, model.instance())
    return state.put(key, class_object(machine, owner))


def _enclosing(machine: Machine, state: PathState, function: FunctionId) -> Key | None:
    """The variables around a nested function, of which nothing is known but the functions defined there."""
    facts = machine.program.function(function)
    if facts.parent < 0:
        return None
    parent = FunctionId(function.file, facts.parent)
    outer = machine.program.function(parent)
    key: Key = ("outer", parent.file, parent.index)
    frame = Frame(parent, outer, key, 0)
    state.variables[key] = Variables({}, _enclosing(machine, state, parent))
    bind(machine, frame, state, outer, Arguments(is_open=True), _receiver(machine, state, parent, None))
    for index, inner in enumerate(machine.program.files[function.file].facts.functions):
        if inner.parent == parent.index and inner.owner < 0 and inner.name != "<lambda>":
            state.set_variable(key, inner.name, FunctionValue(FunctionId(function.file, index), key))
    return key


def _resolve_taken(machine: Machine) -> None:
    """What was taken out of a store under a name that a session is stored under anywhere is a session."""
    stored = {(event.store, event.key) for event in machine.recorder.events().of(StateStored) if event.what == "session" and event.key}
    for taken in machine.recorder.taken:
        if taken[:2] in stored:
            record_taken(machine, taken)
