"""`with` and generators: code that runs around other code. Entry points: `enter_with`, `run_generator`."""

from __future__ import annotations

from collections.abc import Callable

from sessionlint.facts import ops
from sessionlint.knowledge.threads import GROUPS
from sessionlint.solve.calls.activation import activate
from sessionlint.solve.keeping.tasks import finish_group
from sessionlint.solve.orm import failures, registries
from sessionlint.solve.orm.sessions import begin_on, close, commit, rollback, run_coroutine
from sessionlint.solve.scopes import nesting, openings, superfluous
from sessionlint.solve.state.objects import Arguments, Connection, ContextManager, Foreign, Generator, Object, Session
from sessionlint.solve.state.outcome import Outcome, Thrown
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import NONE, TRUE, FunctionValue, Key, Ref, Value
from sessionlint.solve.walk import exceptions
from sessionlint.solve.walk.machine import Consumer, Frame, Machine, Sink
from sessionlint.source import Location, Range

Leave = Callable[[PathState, Thrown | None], list[tuple[PathState, bool]]]
"""What leaving does to a state; the flag says whether an exception is swallowed."""

EXIT = ("builtins.GeneratorExit", "builtins.BaseException")


def enter_with(machine: Machine, frame: Frame, state: PathState, item: ops.With, index: int) -> Outcome:
    """Walk a `with` statement from its item `index` on."""
    if index == len(item.items):
        return machine.execute(frame, [state], item.body)
    part = item.items[index]

    def body(current: PathState, value: Value) -> Outcome:
        states = [current] if part.target is None else machine.assign(frame, current, part.target, value)
        out = Outcome()
        openings.opened(machine, opening, current, value)
        superfluous.entered(machine, frame, current, opening, item, value)
        for found in states:
            done = enter_with(machine, frame, found, item, index + 1)
            out.normal += done.normal
            out.add_exits(done)
        return out

    guarded = exceptions.expects_detached(machine, frame, part.context)
    opening = openings.Opening(frame.key)
    out = Outcome()
    for found, manager in machine.evaluate(frame, state, part.context):
        machine.guards += guarded
        machine.openings.append(opening)
        is_scope = nesting.entered(machine, frame, found, manager, item.at)
        done = manage(machine, frame, found, manager, part.context.at, body)
        if is_scope:
            machine.scopes_open.pop()
        machine.openings.pop()
        machine.guards -= guarded
        openings.left(machine, opening, done)
        if opening.tails and index == 0:
            superfluous.left(machine, frame, item, done)
        out.normal += done.normal
        out.add_exits(done)
    return out.trim()


def manage(machine: Machine, frame: Frame, state: PathState, manager: Value, at: Range, body: Consumer) -> Outcome:
    """Run `body` under a context manager."""
    match state.object(manager):
        case Session() if isinstance(key := state.value(manager), Ref):
            session_key = key.key

            def leave_session(after: PathState, thrown: Thrown | None) -> list[tuple[PathState, bool]]:
                superfluous.followed(machine, None, after, session_key, "close")
                close(machine, frame, after, session_key, at, "the block ends and closes the session")
                return [(after, False)]

            machine.managed.append(session_key)
            try:
                return bracket(machine, frame, state, key, body, leave_session)
            finally:
                machine.managed.pop()
        case Generator() as generator if generator.is_context:
            return run_generator(machine, frame, state, generator, at, body)
        case ContextManager() as library if isinstance(key := state.value(manager), Ref):
            return _library(machine, frame, state, library, key, at, body)
        case Connection():
            return bracket(machine, frame, state, manager, body, lambda after, thrown: [(after, False)])
        case Foreign() as foreign if isinstance(key := state.value(manager), Ref):
            group = key.key

            def leave_foreign(after: PathState, thrown: Thrown | None) -> list[tuple[PathState, bool]]:
                if foreign.name in GROUPS:
                    finish_group(after, group)
                return [(after, False)]

            return bracket(machine, frame, state, manager, body, leave_foreign)
        case Object() as found:
            return _own_class(machine, frame, state, manager, found, at, body)
        case _:
            machine.may_raise(frame, state, at)
            entered = machine.fresh(frame, state, at, "entered")
            return bracket(machine, frame, state, entered, body, lambda after, thrown: [(after, False)])


def _watched(machine: Machine, frame: Frame, state: PathState, value: Value, body: Consumer) -> tuple[Outcome, Sink]:
    """How `body` is left, and what is thrown in it."""
    sink = Sink()
    frame.sinks.append(sink)
    machine.tries += 1
    try:
        return body(state, value), sink
    finally:
        machine.tries -= 1
        frame.sinks.pop()


def bracket(machine: Machine, frame: Frame, state: PathState, value: Value, body: Consumer, leave: Leave) -> Outcome:
    """Run `body` and then `leave` on each way out of it."""
    out, sink = _watched(machine, frame, state, value, body)
    done = Outcome()
    done.normal += [after for found in out.normal for after, _ in leave(found, None)]
    done.broken += [after for found in out.broken for after, _ in leave(found, None)]
    done.continued += [after for found in out.continued for after, _ in leave(found, None)]
    done.returned += [(after, result) for found, result in out.returned for after, _ in leave(found, None)]
    for found, thrown in sink.all() + out.raised:
        for after, is_swallowed in leave(found, thrown):
            if is_swallowed:
                done.normal.append(after)
            else:
                machine.throw(frame, after, thrown)
    return done.trim()


def _library(machine: Machine, frame: Frame, state: PathState, manager: ContextManager, key: Ref, at: Range, body: Consumer) -> Outcome:
    subject = manager.subject
    target = state.value(subject) if subject is not None else None

    def leave(after: PathState, thrown: Thrown | None) -> list[tuple[PathState, bool]]:
        if manager.kind in {"transaction", "owned"} and isinstance(target, Ref):
            superfluous.followed(machine, None, after, target.key, "commit" if thrown is None else "rollback")
            if thrown is None:
                commit(machine, frame, after, target.key, at, "the `begin()` block commits on leaving")
            else:
                rollback(machine, frame, after, target.key, at, "the `begin()` block rolls back")
        if manager.kind in {"savepoint", "suppress"}:
            # a savepoint rolls itself back; what is suppressed has no handler that could be named
            failures.forget(machine, after)
        if manager.kind == "application":
            registries.leave_application(frame, after, before, at)
        if manager.kind == "stack":
            _unwind(machine, frame, after, key, at)
        if manager.kind in {"owned", "closing"} and isinstance(target, Ref):
            return [(done, False) for done in _closed(machine, frame, after, target, at)]
        return [(after.copy(), True), (after, False)] if manager.kind == "suppress" and thrown is not None else [(after, False)]

    before = frozenset(state.heap) if manager.kind == "application" else frozenset()
    if manager.kind == "transaction" and isinstance(target, Ref):
        begin_on(machine, frame, state, target.key, at)
    value: Value = key if manager.kind == "stack" else target if target is not None else NONE
    machine.unflushed += manager.kind == "unflushed"
    out = bracket(machine, frame, state, value, body, leave)
    machine.unflushed -= manager.kind == "unflushed"
    return out


def _closed(machine: Machine, frame: Frame, state: PathState, target: Ref, at: Range) -> list[PathState]:
    """`closing(target)` ends: a session is closed, of an object of the program `close()` is called."""
    found = state.object(target)
    method = machine.program.method(found.cls, "close") if isinstance(found, Object) else None
    if method is not None and isinstance(found, Object):
        results = machine.call(frame, state, FunctionValue(method, None, target, found.cls), Arguments(), at)
        return [after for after, _ in results]
    superfluous.followed(machine, None, state, target.key, "close")
    close(machine, frame, state, target.key, at, "the block ends and closes the session")
    return [state]


def _unwind(machine: Machine, frame: Frame, state: PathState, key: Ref, at: Range) -> None:
    """An exit stack closes what was entered, the last first."""
    stack = state.object(key)
    for entered in reversed(stack.entered if isinstance(stack, ContextManager) else ()):
        if isinstance(inner := state.value(entered), Ref) and isinstance(state.object(inner), Session):
            superfluous.followed(machine, None, state, inner.key, "close")
            close(machine, frame, state, inner.key, at, "the exit stack closes the session")


def _own_class(machine: Machine, frame: Frame, state: PathState, manager: Value, found: Object, at: Range, body: Consumer) -> Outcome:
    """A class of the program with `__enter__`/`__exit__` (or their async forms)."""
    program = machine.program
    is_async = program.method(found.cls, "__enter__") is None and program.method(found.cls, "__aenter__") is not None
    enter_name, exit_name = ("__aenter__", "__aexit__") if is_async else ("__enter__", "__exit__")
    enter, leave_id = program.method(found.cls, enter_name), program.method(found.cls, exit_name)

    def leave(after: PathState, thrown: Thrown | None) -> list[tuple[PathState, bool]]:
        if leave_id is None:
            return [(after, False)]
        error: Value = NONE
        if thrown is not None:
            unknown = machine.fresh(frame, after, at, "error")
            error = unknown
            is_none: Key = ("none", unknown.key)
            after.known[is_none] = False
        method = FunctionValue(leave_id, None, manager, found.cls)
        results = machine.call(frame, after, method, Arguments((error, error, error)), at)
        returned = [pair for found, raw in results for pair in run_coroutine(machine, frame, found, raw, at)]
        return [(state, thrown is not None and value == TRUE) for state, value in returned]

    out = Outcome()
    if enter is None:
        return bracket(machine, frame, state, manager, body, leave)
    for entered, raw in machine.call(frame, state, FunctionValue(enter, None, manager, found.cls), Arguments(), at):
        for after, value in run_coroutine(machine, frame, entered, raw, at):
            done = bracket(machine, frame, after, value, body, leave)
            out.normal += done.normal
            out.add_exits(done)
    return out.trim()


def run_generator(machine: Machine, frame: Frame, state: PathState, generator: Generator, at: Range, body: Consumer) -> Outcome:
    """Run a generator around `body`: as a context manager each exit of `body` resumes it, in a loop leaving `body` early closes it."""
    base = len(state.tags)
    is_context = generator.is_context

    def resume(current: PathState, value: Value) -> Outcome:
        return _resumed(*_watched(machine, frame, current, value, body), is_context)

    out = activate(machine, frame, state, generator.function, generator.arguments, at, resume)
    if out is None:
        return body(state, machine.fresh(frame, state, at, "entered"))
    done = Outcome()
    for found, _ in out.returned:
        _dispatch(found, base, done, is_context)
    for found, thrown in out.raised:
        if thrown.names == EXIT and len(found.tags) > base:
            _dispatch(found, base, done, is_context)
        else:
            found.tags = found.tags[:base]
            machine.throw(frame, found, thrown)
    return done.trim()


def _resumed(out: Outcome, sink: Sink, is_context: bool) -> Outcome:
    done = Outcome()
    for found in out.normal:
        if is_context:
            found.tags = (*found.tags, ("normal", None))
        done.normal.append(found)
    leaving: list[tuple[PathState, tuple[str, Value | None]]] = [(found, ("break", None)) for found in out.broken]
    leaving += [(found, ("continue", None)) for found in out.continued]
    leaving += [(found, ("return", value)) for found, value in out.returned]
    for found, tag in leaving:
        found.tags = (*found.tags, tag)
        if is_context:
            done.normal.append(found)
        else:
            done.raised.append((found, Thrown(_NOWHERE, EXIT)))
    for found, thrown in sink.all() + out.raised:
        if is_context:
            found.tags = (*found.tags, ("normal", None))
        done.raised.append((found, thrown))
    return done


def _dispatch(found: PathState, base: int, done: Outcome, is_context: bool) -> None:
    if len(found.tags) <= base:
        if not is_context:
            done.normal.append(found)
        return
    kind, value = found.tags[base]
    found.tags = found.tags[:base]
    if kind == "normal":
        done.normal.append(found)
    elif kind == "break":
        done.broken.append(found)
    elif kind == "continue":
        done.continued.append(found)
    else:
        done.returned.append((found, value if value is not None else NONE))


_NOWHERE = Location("", Range(1, 1, 1, 1))
