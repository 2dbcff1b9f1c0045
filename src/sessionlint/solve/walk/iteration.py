"""Loops over values: collections, queries, results and generators. Entry points: `iterate`, `drain`."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from sessionlint.solve.limits import MAX_ELEMENTS, MAX_TURNS
from sessionlint.solve.state.gathering import empty, gather, gathered
from sessionlint.solve.state.objects import Arguments, Collection, Generator, Instance, LateComprehension, Object, Query, Result, Session
from sessionlint.solve.state.outcome import Outcome
from sessionlint.solve.state.reach import reachable
from sessionlint.solve.state.state import PathState, kept
from sessionlint.solve.state.tracking import carries
from sessionlint.solve.state.values import Const, FunctionValue, Method, Ref, Value
from sessionlint.solve.walk.contexts import run_generator
from sessionlint.solve.walk.expressions import run_clauses
from sessionlint.solve.walk.machine import Consumer, Frame, Machine
from sessionlint.source import Range


def iterate(machine: Machine, frame: Frame, state: PathState, value: Value, at: Range, consumer: Consumer) -> Outcome:  # noqa: C901 (one case a kind of object)
    """Give each element of `value` to `consumer`: `normal` are the states after the last one, `broken` those of a `break`."""
    match state.object(value):
        case Collection() as found:
            if found.items is not None and found.kind != "dict" and not _is_shared(state, value, found):
                return _in_order(state, found.items, consumer)
            if found.kind == "dict":
                keys = [Const(key) for key in found.keys if key is not None] if found.items is not None else []
                return (
                    _in_order(state, keys, consumer)
                    if keys and not _is_shared(state, value, found)
                    else _repeated(machine, frame, state, value, [], at, consumer)
                )
            return _repeated(machine, frame, state, value, [*(found.items or ()), *found.elements], at, consumer)
        case Query():
            out = Outcome()
            for after, rows in machine.call(frame, state, Method(value, "all"), Arguments(), at):
                out_here = machine.iterate(frame, after, rows, at, consumer)
                _add(out, out_here)
            return out.trim()
        case Result() as result:
            return _repeated(machine, frame, state, value, [result.row], at, consumer)
        case Generator() as generator:
            return run_generator(machine, frame, state, generator, at, consumer)
        case LateComprehension() as late:
            return _late(machine, frame, state, late, consumer)
        case Object() as found if (method := machine.program.method(found.cls, "__iter__")) is not None:
            out = Outcome()
            bound = FunctionValue(method, None, state.value(value), found.cls)
            for after, iterator in machine.call(frame, state, bound, Arguments(), at):
                if isinstance(after.object(iterator), Object):
                    _add(out, _repeated(machine, frame, after, value, [], at, consumer))
                else:
                    _add(out, machine.iterate(frame, after, iterator, at, consumer))
            return out.trim()
        case _:
            return _repeated(machine, frame, state, value, [], at, consumer)


def _is_shared(state: PathState, value: Value, found: Collection) -> bool:
    """Whether anybody may have changed a collection since it was made: a global list, set or dict."""
    known = state.value(value)
    return isinstance(known, Ref) and known.key[0] == "global" and found.kind != "tuple"


def _add(out: Outcome, other: Outcome) -> None:
    out.normal += other.normal
    out.add_exits(other)


def _in_order(state: PathState, items: Sequence[Value], consumer: Consumer) -> Outcome:
    """Every item once, in order."""
    out, states = Outcome(), [state]
    for item in items:
        following: list[PathState] = []
        for current in states:
            done = consumer(current, current.value(item))
            following += done.normal
            done.normal = []
            out.add_exits(done)
        states = kept(following)
    out.normal = states
    return out


def _repeated(
    machine: Machine, frame: Frame, state: PathState, value: Value, elements: list[Value], at: Range, consumer: Consumer
) -> Outcome:
    """Any number of turns over unnumbered elements, until a turn changes nothing any more."""
    empty = state.copy()
    if elements and isinstance(known := state.value(value), Ref) and isinstance(found := state.object(value), Collection):
        # no turn at all: then there is nothing in it on this path
        empty.heap[known.key] = Collection(found.kind, ())
    loop = frame.site(at, "loop")

    def turned(current: PathState, element: Value) -> Outcome:
        machine.turning.append((loop, element))
        try:
            return consumer(current, element)
        finally:
            machine.turning.pop()

    must_turn = _has_any(state, value, elements)
    out = Outcome(normal=[] if must_turn else [empty])
    pending, seen = [state], {state.signature()}
    for _ in range(MAX_TURNS):
        following: list[PathState] = []
        for current in pending:
            choices = elements[:MAX_ELEMENTS] or [machine.fresh(frame, current, at, "element")]
            for position, element in enumerate(choices):
                turn = current if position == len(choices) - 1 else current.copy()
                done = turned(turn, turn.value(element))
                following += done.normal
                done.normal = []
                out.add_exits(done)
        pending = kept(following)
        out.normal += [found.copy() for found in pending]
        pending = [found for found in pending if found.signature() not in seen]
        seen.update(found.signature() for found in pending)
        if not pending:
            break
    _doubt_queries(frame, empty, out.normal)
    if elements:
        _hope(empty, out.normal)
    out.normal = kept(out.normal)
    return out


def _has_any(state: PathState, value: Value, elements: list[Value]) -> bool:
    """Whether there is surely a turn: something, or some session, was put into the collection on this path."""
    found = state.object(value)
    if isinstance(found, Collection) and elements and found.has_any and not _is_shared(state, value, found):
        return True
    return any(carries(state, element, 2, (Session,)) for element in elements)


def _doubt_queries(frame: Frame, unturned: PathState, turned: Sequence[PathState]) -> None:
    """Where the turns of a loop add loader options to a query, nobody means it to run without a turn: what it loads then is unknown."""
    if frame.key not in unturned.variables:
        return
    for name, value in unturned.variables[frame.key].names.items():
        query, known = unturned.object(value), unturned.value(value)
        if isinstance(query, Query) and isinstance(known, Ref) and not query.is_opaque:
            others = (found.object(found.variables[frame.key].names.get(name)) for found in turned if found is not unturned)
            if any(isinstance(other, Query) and other.options != query.options for other in others):
                unturned.heap[known.key] = replace(query, is_opaque=True)


def _hope(unturned: PathState, turned: Sequence[PathState]) -> None:
    """What the turns of a loop put into a collection is what would be in it where the loop does not turn only because there is no row."""
    # a field that is first looked at in a turn is a global as yet
    new = {
        key: Collection(thing.kind)
        for found in turned
        for key, thing in found.heap.items()
        if key[0] == "global" and isinstance(thing, Collection) and key not in unturned.heap
    }
    for key, mine in [*unturned.heap.items(), *new.items()]:
        if not isinstance(mine, Collection) or mine.items or mine.elements:
            continue
        models = set(mine.would_hold)
        for other in turned:
            theirs = other.heap.get(key)
            if isinstance(theirs, Collection) and theirs is not mine and (theirs.elements or theirs.items):
                held = (other.heap.get(inner) for inner in reachable(other, (*(theirs.items or ()), *theirs.elements))[0])
                models |= {found.model for found in held if isinstance(found, Instance)}
        if len(models) > len(mine.would_hold):
            unturned.heap[key] = replace(mine, would_hold=frozenset(models))


def _late(machine: Machine, frame: Frame, state: PathState, late: LateComprehension, consumer: Consumer) -> Outcome:
    """A generator expression runs in the variables of the function that it stands in."""
    home = machine.frames.get(late.frame, frame)
    if late.env not in state.variables:
        return Outcome(normal=[state])

    def element(current: PathState) -> Outcome:
        out = Outcome()
        for found, value in machine.evaluate(home, current, late.op.element):
            _add(out, consumer(found, value))
        return out

    if not home.sinks:
        home = frame
    return run_clauses(machine, home, state, late.op, 0, element, late.source)


def drain(machine: Machine, frame: Frame, state: PathState, value: Value, at: Range) -> list[tuple[PathState, tuple[Value, ...]]]:
    """Everything that iterating over `value` gives, and the states in which it has ended."""
    found = state.object(value)
    if isinstance(found, Collection) and found.kind != "dict":
        return [(state, tuple(dict.fromkeys((*(found.items or ()), *found.elements))))]
    key = frame.site(at, "drained")

    def turn(current: PathState, element: Value) -> Outcome:
        gather(current, key, element)
        return Outcome(normal=[current])

    with machine.pinning() as pinned:
        pinned.append(empty(state, key, "list"))
        out = machine.iterate(frame, state, value, at, turn)
    for after, thrown in out.raised:
        machine.throw(frame, after, thrown)
    return [(after, gathered(after, key)) for after in out.normal]
