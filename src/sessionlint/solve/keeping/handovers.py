"""Sessions and instances that are handed to another thread, task or queue. Entry points: `hand_over`, `by_method`, `started`, `waited`.

Threads, executors, queues and tasks are judged where they are given a session or an attached instance; but coroutines that are awaited
together only if two of them share a session, and tasks that were given instances only if nobody here waits for them (`tasks.py`).
Source: https://docs.sqlalchemy.org/en/20/orm/session_basics.html (is the session thread-safe)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sessionlint.knowledge.sqlalchemy.sessions import SESSIONS
from sessionlint.knowledge.threads import HAND_OVERS, RETURNING
from sessionlint.solve.events import Held, SessionHandedOver
from sessionlint.solve.history import Step
from sessionlint.solve.keeping.carried import Carried, carried, is_guarded
from sessionlint.solve.keeping.contents import held
from sessionlint.solve.keeping.tasks import finish
from sessionlint.solve.state.objects import Arguments, Coroutine, Factory, Foreign, HeapObject, Instance, Partial, Session, Task
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import NONE, ClassValue, ExternalValue, FunctionValue, Key, Method, Ref, Value
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.source import Location, Range


def hand_over(machine: Machine, frame: Frame, state: PathState, values: Iterable[Value], to: str, at: Range) -> bool:
    """`values` are what a call gives to another thread, process or queue; whether there was something to tell of."""
    values = tuple(values)
    if any(is_guarded(machine, state, value) for value in values):
        return False
    found = [thing for value in values for thing in carried(machine, frame, state, value) if not thing.is_own]
    if found and not all(_is_given_away(machine, state, thing) for thing in found):
        found.sort(key=lambda thing: not isinstance(thing.thing, Session))
        own = tuple(one for each in found if isinstance(each.thing, Instance) for one in held(frame, state, each.key, each.thing))
        report(machine, frame.at(at), frame, state, found[0].thing, to, own)
        return True
    return False


def awaited(machine: Machine, frame: Frame, state: PathState, name: str, arguments: Arguments, at: Range) -> Results | None:
    """A call that hands a function to a thread and is awaited there (`run_in_threadpool(SessionLocal)`): the function runs in between, and
    what it returns comes back. None where the call is another, or does what it must not."""
    if hand_over(machine, frame, state, arguments.given(), HAND_OVERS[name], at) or name not in RETURNING:
        return None
    position = RETURNING[name]
    function = arguments.positional[position] if len(arguments.positional) > position else NONE
    is_followed = isinstance(function, FunctionValue | ClassValue | Method) or isinstance(state.object(function), Factory | Partial)
    is_class = isinstance(function, ExternalValue) and function.name in SESSIONS
    if not is_followed and not is_class:
        return None
    keywords = tuple(pair for pair in arguments.keywords if pair[0] not in _OWN_KEYWORDS)
    inner = Arguments(arguments.positional[position + 1 :], keywords, arguments.is_open, arguments.rest)
    mine = _of_this_thread(state)
    results = machine.call(frame, state, function, inner, at)
    for found, _ in results:
        for key, thing in mine.items():
            found.heap[key] = thing
    return results


def _of_this_thread(state: PathState) -> dict[Key, HeapObject]:
    """The sessions that registries keep for this thread, with their instances: whatever another thread does, it has its own."""
    scoped = {key for key, session in state.sessions() if session.is_scoped}
    return {key: found for key, found in state.heap.items() if key in scoped or (isinstance(found, Instance) and found.session in scoped)}


_OWN_KEYWORDS = frozenset({"abandon_on_cancel", "cancellable", "limiter"})
"""Arguments that are the hand-over's own."""


def report(
    machine: Machine, at: Location, frame: Frame, state: PathState, thing: Session | Instance, to: str, own: tuple[Held, ...] = ()
) -> None:
    """Record a hand-over."""
    what = "session" if isinstance(thing, Session) else "instance"
    step = Step("store", at, f"the {what} is handed to {to}")
    machine.recorder.add(SessionHandedOver(at, frame.function, thing.history.then(step), what, to, own))


def _is_given_away(machine: Machine, state: PathState, found: Carried) -> bool:
    """Whether a session was made for whoever gets it: nothing was done with it yet, and no variable here refers to it."""
    if not isinstance(found.thing, Session) or found.thing.is_used:
        return False
    if found.thing.owner is None and found.key[0] in {"object", "global"}:
        return False
    scopes = (scope for env in machine.live if (scope := state.variables.get(env)) is not None)
    return not any(isinstance(value, Ref) and value.key == found.key for scope in scopes for value in scope.names.values())


# -- coroutines ---------------------------------------------------------------------------------------------------


def sessions_of(machine: Machine, frame: Frame, state: PathState, value: Value) -> Iterator[Carried]:
    """The sessions that a coroutine was given, and the attached instances."""
    if not is_guarded(machine, state, value):
        yield from carried(machine, frame, state, value)


def started(machine: Machine, frame: Frame, state: PathState, value: Value, result: Value, group: Value | None, at: Range) -> Value:
    """`create_task(value)`, whose coroutine came to `result`: the task that stands for it where it was given attached instances."""
    found = list(sessions_of(machine, frame, state, value))
    shared = next((thing.thing for thing in found if isinstance(thing.thing, Session)), None)
    if shared is not None:
        report(machine, frame.at(at), frame, state, shared, "a concurrent task")
    if shared is not None or not found:
        return result
    machine.has_tasks = True
    known = state.value(group) if group is not None else None
    owner = known.key if isinstance(known, Ref) else None
    own = tuple(one for each in found if isinstance(each.thing, Instance) for one in held(frame, state, each.key, each.thing))
    task = Task(result, frame.key, frame.at(at), frame.function, found[0].thing.history, owner, held=own)
    return state.put(frame.site(at, "task"), task)


def waited(machine: Machine, frame: Frame, state: PathState, values: tuple[Value, ...], rest: tuple[Value, ...], at: Range) -> None:
    """`gather(…)` and its like: coroutines that share a session, `rest` being those of which nobody knows how many there are."""
    first = set[Key]()
    for value in (*values, *rest):
        if not isinstance(state.object(value), Coroutine):
            continue
        # one coroutine may lead to a session in several ways
        own = {found.key: found.thing for found in sessions_of(machine, frame, state, value) if isinstance(found.thing, Session)}
        shared = next((session for key, session in own.items() if key in first or value in rest), None)
        if shared is not None:
            report(machine, frame.at(at), frame, state, shared, "concurrent tasks")
            return
        first.update(own)
    for value in (*values, *rest):
        finish(state, value)


def by_method(
    machine: Machine, frame: Frame, state: PathState, owner: Foreign, name: str, arguments: Arguments, at: Range
) -> Results | None:
    """`executor.submit(…)` and the like; as `awaited`."""
    whole = f"{owner.name}.{name}"
    return awaited(machine, frame, state, whole, arguments, at) if whole in HAND_OVERS else None
