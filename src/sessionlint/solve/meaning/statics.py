"""What belongs to the program as a whole (a global, a class attribute, a decorated function), evaluated once for all paths.

Each is evaluated from nothing, in a walk of its own, so that its value is the same whoever asks first. Entry points: `global_value`,
`function_value`, `evaluated`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.link.symbols import FunctionId, VariableSymbol
from sessionlint.solve.meaning.annotations import annotated, decorated
from sessionlint.solve.state.notes import NOWHERE, Note, Static, Statics
from sessionlint.solve.state.objects import Collection, HeapObject, Session, Variables
from sessionlint.solve.state.reach import reachable
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Const, FunctionValue, Key, Ref, Unknown, Value
from sessionlint.solve.walk.machine import Frame, Machine, TooLarge

Work = Callable[[PathState], tuple[PathState, Value]]


def function_value(machine: Machine, state: PathState, function: FunctionId) -> Value:
    """A function of a module or class, with those of its decorators applied that are functions of the program."""
    plain = FunctionValue(function)
    if not machine.program.function(function).decorators:
        return plain
    key = (function.file, f"#{function.index}")

    def work(found: PathState) -> tuple[PathState, Value]:
        return found, decorated(machine, _entered(machine, function, ("global", *key)), found, plain)

    return _once(machine, state, key, plain, work)


def global_value(machine: Machine, state: PathState, symbol: VariableSymbol) -> Value:
    """What a variable of a module is: the first of its assignments that tells something."""
    unknown = Unknown(("global", symbol.file, symbol.name))

    def work(found: PathState) -> tuple[PathState, Value]:
        value: Value = unknown
        assignments = machine.program.assignments(symbol)
        for function, expr, annotation in assignments:
            if isinstance(expr, ops.Constant) and expr.value is None:
                continue
            value = evaluated(machine, found, function, symbol.name, expr, annotation)
            if expr is None and annotation is None:
                value = _unpacked(machine, found, function, symbol.name)
            if isinstance(value, Const) and len(assignments) > 1:
                value = unknown  # which of its values it has when a function runs is not for one walk to say
            if not isinstance(value, Unknown):
                break
        return found, value

    return _once(machine, state, (symbol.file, symbol.name), unknown, work)


def _unpacked(machine: Machine, state: PathState, function: FunctionId, name: str) -> Value:
    """`factory, engine = make()`: one part of what a global tuple was assigned."""
    for item in statements(machine.program.function(function).body):
        if not isinstance(item, ops.Assign) or item.value is None:
            continue
        for target in item.targets:
            names = [part.id if isinstance(part, ops.Name) else "" for part in target.items] if isinstance(target, ops.Display) else []
            if name in names:
                whole = state.object(evaluated(machine, state, function, ",".join(names), item.value, None))
                if isinstance(whole, Collection) and whole.items is not None and len(whole.items) == len(names):
                    return state.value(whole.items[names.index(name)])
    return Unknown(("global", function.file, name))


def evaluated(
    machine: Machine, state: PathState, function: FunctionId, name: str, value: ops.Expr | None, annotation: ops.Expr | None
) -> Value:
    """The value of an expression of `function` that belongs to the program as a whole, known as `name` in its file; the objects behind it
    are made present in `state`."""
    key: Key = ("global", function.file, name)

    def work(found: PathState) -> tuple[PathState, Value]:
        frame = _entered(machine, function, key)
        found.variables[key] = Variables()
        result: Value = Unknown((*key, "value"))
        if value is not None:
            for after, made in machine.evaluate(frame, found, value)[:1]:
                found, result = after, made
        if annotation is not None and isinstance(found.value(result), Unknown):
            result = annotated(machine, frame, found, result, annotation)
        return found, found.value(result)

    return _once(machine, state, (function.file, f"={name}"), Unknown(key), work)


def _entered(machine: Machine, function: FunctionId, key: Key) -> Frame:
    """A frame for what belongs to no path."""
    machine.live.append(key)
    return Frame(function, machine.program.function(function), key, 0)


def _once(machine: Machine, state: PathState, key: Hashable, unknown: Value, work: Work) -> Value:
    """What `work` gives, evaluated when it is first asked for; `unknown` for whoever asks while that goes on."""
    statics = machine.statics
    known = statics.known.get(key)
    if known is None:
        if key in statics.waiting:
            _cut(statics, statics.waiting[key])
            return unknown
        known = _passed(machine, key) or _worked(machine, key, unknown, work)
    if key in statics.known:
        machine.note.statics.add(key)
    else:
        machine.note.include(known.note)
    for reference, thing in known.heap.items():
        if reference not in state.heap:
            state.heap[reference] = thing
    for env, variables in known.variables.items():
        if env not in state.variables:
            state.variables[env] = variables
    return state.value(known.value)


def _passed(machine: Machine, key: Hashable) -> Static | None:
    """What is good for now; whatever is made of it is no better."""
    kept = machine.statics.passing.get(key)
    if kept is None:
        return None
    found, cut = kept
    _cut(machine.statics, cut)
    return found


def _cut(statics: Statics, place: int) -> None:
    statics.cut = min(statics.cut, place)


def _worked(machine: Machine, key: Hashable, unknown: Value, work: Work) -> Static:
    statics = machine.statics
    place = statics.waiting[key] = len(statics.waiting)
    outer, statics.cut = statics.cut, NOWHERE
    with machine.aside() as note:
        try:
            found = _kept(*work(PathState()), note)
        except TooLarge:
            found = Static(unknown, {}, {}, note)
        finally:
            del statics.waiting[key]
            cut, statics.cut = statics.cut, outer
    if cut < place:
        statics.passing[key] = found, cut
        _cut(statics, cut)
    else:
        statics.known[key] = found
        statics.passing = {other: kept for other, kept in statics.passing.items() if kept[1] < place}
    return found


def _kept(state: PathState, value: Value, note: Note) -> Static:
    """What of a state is behind a value; nobody has to close the sessions in it."""
    if not isinstance(value, Ref | FunctionValue):
        return Static(value, {}, {}, note)
    objects, scopes = reachable(state, [value])
    heap = {key: _unowned(thing) for key, thing in state.heap.items() if key in objects}
    return Static(value, heap, {env: found for env, found in state.variables.items() if env in scopes}, note)


def _unowned(thing: HeapObject) -> HeapObject:
    if isinstance(thing, Session) and thing.owner is not None:
        return Session(thing.is_async, thing.acquired_at, None, thing.expires, thing.is_open)
    return thing
