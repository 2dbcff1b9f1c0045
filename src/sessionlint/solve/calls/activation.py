"""One call of a function of the program: arguments bound, body walked, sessions judged when it is left. Entry point: `activate`."""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.facts import FunctionFacts, Parameter
from sessionlint.link.symbols import FunctionId
from sessionlint.solve import limits
from sessionlint.solve.events import SessionLeaked
from sessionlint.solve.history import Step
from sessionlint.solve.keeping import tasks
from sessionlint.solve.meaning.annotations import annotated
from sessionlint.solve.state.memo import Effect, footprint
from sessionlint.solve.state.objects import Arguments, Collection, Object, Session, Variables
from sessionlint.solve.state.outcome import Outcome, Thrown
from sessionlint.solve.state.reach import reachable
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import NONE, FunctionValue, Key, Ref, Unknown, Value
from sessionlint.solve.walk.machine import Consumer, Frame, Machine, Returned, Sink
from sessionlint.source import Location, Range

_KEPT = {"object", "global"}
"""First parts of keys that are never forgotten: what an unknown turned out to be, and the program's global objects."""


def activate(
    machine: Machine,
    frame: Frame,
    state: PathState,
    function: Value,
    arguments: Arguments,
    at: Range,
    consumer: Consumer | None = None,
    on_return: Returned | None = None,
) -> Outcome | None:
    """Walk a call of `function` made at `at` in `frame`; None where the limits do not allow it.

    In the outcome `returned` and `raised` are the ways the call is left; `consumer` is what each yielded value is given to, `on_return`
    is told of what is returned where.
    """
    if not isinstance(function, FunctionValue) or not _is_allowed(machine, frame, function.id):
        return None
    key = _context(machine, frame, function.id, at)
    if consumer is not None or on_return is not None:
        return _entered(machine, frame, state, function, arguments, at, key, consumer, on_return)
    place = (key, function, arguments, frame.context, footprint(state, function, arguments))
    effect = machine.effects.get(place)
    if effect is None:
        before = state.copy()
        out = _entered(machine, frame, state, function, arguments, at, key)
        machine.effects[place] = Effect.of(before, out)
        return out
    return effect.replayed(state)


def _entered(
    machine: Machine,
    frame: Frame,
    state: PathState,
    function: FunctionValue,
    arguments: Arguments,
    at: Range,
    key: Key,
    consumer: Consumer | None = None,
    on_return: Returned | None = None,
) -> Outcome:
    """Walk the call in a frame of its own."""
    facts = machine.program.function(function.id)
    step = Step("call", frame.at(at), f"calls `{facts.qualname}`")
    inner = Frame(
        function.id,
        facts,
        key,
        frame.depth + 1,
        frame,
        function.owner,
        consumer,
        on_return,
        calls=(*frame.calls, step),
        context=frame.context,
    )
    state.variables[key] = Variables({}, function.env)
    bind(machine, inner, state, facts, arguments, function.bound)
    return run_frame(machine, inner, state)


def entered(machine: Machine, frame: Frame, function: FunctionId, at: Range, step: Step) -> Frame | None:
    """A frame for the body of a template or of one of its blocks; None where the limits do not allow it."""
    if not _is_allowed(machine, frame, function):
        return None
    key = _context(machine, frame, function, at)
    facts = machine.program.function(function)
    return Frame(function, facts, key, frame.depth + 1, frame, calls=(*frame.calls, step), context=frame.context)


def _context(machine: Machine, frame: Frame, function: FunctionId, at: Range) -> Key:
    """The identity of an activation: one for each chain of calls. What belongs to the program as a whole keeps saying so."""
    if frame.key[0] == "global":
        return (*frame.key, function.file, function.index, at.row, at.column)
    return machine.contexts.setdefault((frame.key, function, at), ("call", len(machine.contexts)))


def run_frame(machine: Machine, inner: Frame, state: PathState) -> Outcome:
    """Walk the body of a frame whose variables are bound, and leave it."""
    sink = Sink()
    inner.sinks.append(sink)
    machine.live.append(inner.key)
    machine.frames[inner.key] = inner
    before = frozenset(state.heap)
    try:
        body = machine.execute(inner, [state], inner.facts.body)
    finally:
        machine.live.pop()
        inner.sinks.pop()
    out = Outcome()
    for found in body.normal:
        out.returned.append((found, NONE))
    out.returned += [(found, _promised(machine, inner, found, value)) for found, value in body.returned]
    out.raised += sink.all() + body.raised
    for found, value in out.returned if inner.on_return is not None else ():
        tell_return(inner, found, value)
    for found, value in out.returned:
        leave(machine, inner, found, value, None, before)
    for found, thrown in out.raised:
        leave(machine, inner, found, thrown.value or NONE, thrown, before)
    return out.trim()


def mark_return(frame: Frame, state: PathState, at: Range) -> None:
    """A `return` is reached in a frame of which somebody wants to know where it returns."""
    state.set_variable(frame.key, _RETURN, Ref((_RETURN, at)))


def tell_return(frame: Frame, state: PathState, value: Value) -> None:
    """Tell who wants to know what a frame returns, and where."""
    place = state.get_variable(frame.key, _RETURN)
    if frame.on_return is not None and isinstance(place, Ref) and isinstance(place.key[1], Range):
        frame.on_return(state, value, place.key[1], frame)


_HOLDERS = frozenset({Object, Collection})

_RETURN = "return"
"""The variable that remembers which `return` a path took; no variable of a program can be called so."""


def _promised(machine: Machine, frame: Frame, state: PathState, value: Value) -> Value:
    """A returned unknown, seen through the function's return annotation."""
    if frame.facts.returns is None or frame.facts.is_generator or not isinstance(state.value(value), Unknown):
        return value
    return annotated(machine, frame, state, state.value(value), frame.facts.returns)


def _is_allowed(machine: Machine, frame: Frame, function: FunctionId) -> bool:
    if machine.is_tired:
        machine.recorder.truncate(function)
        return False
    if frame.depth >= limits.MAX_DEPTH:
        return False
    same = 0
    above: Frame | None = frame
    while above is not None:
        same += above.function == function
        above = above.parent
    return same < limits.MAX_RECURSION


def bind(machine: Machine, frame: Frame, state: PathState, facts: FunctionFacts, arguments: Arguments, bound: Value | None) -> None:
    """Bind the arguments of a call to the parameters of `facts` in the variables of `frame`."""
    positional = list(arguments.positional)
    if bound is not None:
        positional.insert(0, bound)
    keywords = dict(arguments.keywords)
    names: dict[str, Value] = {}
    for parameter in facts.parameters:
        if parameter.kind == "*":
            names[parameter.name] = state.put((*frame.key, "*args"), _rest("tuple", positional, (), arguments.is_open))
            positional = []
        elif parameter.kind == "**":
            rest = _rest("dict", list(keywords.values()), tuple(keywords), arguments.is_open)
            names[parameter.name] = state.put((*frame.key, "**kwargs"), rest)
        elif positional and parameter.kind != "keyword-only":
            names[parameter.name] = positional.pop(0)
        elif parameter.name in keywords:
            names[parameter.name] = keywords.pop(parameter.name)
        else:
            names[parameter.name] = _default(machine, frame, state, parameter, arguments.is_open)
    for parameter in facts.parameters:
        value = names[parameter.name]
        if parameter.annotation is not None and isinstance(state.value(value), Unknown):
            names[parameter.name] = annotated(machine, frame, state, value, parameter.annotation)
    state.variables[frame.key] = Variables(names, state.variables[frame.key].outer)


def _rest(kind: str, values: list[Value], keys: tuple[str, ...], is_open: bool) -> Collection:
    """What `*args` or `**kwargs` hold."""
    return Collection(kind, None, (), tuple(values)) if is_open else Collection(kind, tuple(values), keys)


def _default(machine: Machine, frame: Frame, state: PathState, parameter: Parameter, is_open: bool) -> Value:
    if parameter.default is None or is_open:
        return machine.fresh(frame, state, frame.facts.at, f"parameter {parameter.name}")
    found, value = next(iter(machine.evaluate(frame, state.copy(), parameter.default)), (state, NONE))
    objects, _ = reachable(found, [value])
    for key, thing in found.heap.items():  # in the order in which they were made, which a set does not keep
        if key in objects and key not in state.heap:
            state.heap[key] = thing
    return value


def leave(machine: Machine, frame: Frame, state: PathState, value: Value, thrown: Thrown | None, before: frozenset[Key]) -> None:
    """The frame is left: sessions that it has to close are handed on, kept by somebody, or leaked.

    What was made since it was entered (is not in `before`) and cannot be reached any more is forgotten.
    """
    if machine.identities:
        _settle(machine, frame, state)
    owned = [(key, session) for key, session in state.sessions() if session.owner == frame.key]
    if not owned and not machine.has_tasks and _made_nothing(machine, frame, state, before):
        if frame.key in state.variables:
            del state.variables[frame.key]
        return
    returned = reachable(state, [value])[0] if owned or machine.has_tasks else set()
    lasting = [*machine.live, *state.lasting()]
    older = [key for key in before if type(state.heap.get(key)) in _HOLDERS]
    held = [value, *machine.pinned, *(tag[1] for tag in state.tags if tag[1] is not None)]
    if machine.has_tasks and thrown is None:
        tasks.left(machine, frame, state, returned)
    kept_objects, kept_scopes = reachable(state, held, lasting, older)
    is_module = frame.function.index == 0
    for key, session in owned:
        if not session.is_open:
            continue
        if is_module and key in reachable(state, values_in(state, frame.key))[0]:
            state.heap[key] = replace(session, owner=None)
            continue
        if key in returned and thrown is None and frame.parent is not None:
            at = frame.calls[-1].at if frame.calls else session.acquired_at
            state.heap[key] = replace(session, owner=frame.parent.key, acquired_at=at)
        elif key in kept_objects:
            state.heap[key] = replace(session, owner=None)
        else:
            report_leak(machine, frame, state, key, session, "normal" if thrown is None else "exception", thrown.at if thrown else None)
    _collect(state, kept_objects | before, kept_scopes, machine.live)


def _made_nothing(machine: Machine, frame: Frame, state: PathState, before: frozenset[Key]) -> bool:
    """Whether a frame leaves nothing behind that could be kept or lost: the quick way out of most calls."""
    if frame.function in machine.relevance.enclosing:
        return False
    if not state.heap.keys() <= before and (frame.key[0] == "global" or not all(key[0] in _KEPT for key in state.heap.keys() - before)):
        return False
    return all(env == frame.key or env[0] == "global" or env in machine.live for env in state.variables)


def _settle(machine: Machine, frame: Frame, state: PathState) -> None:
    """Identities that a function read from a store: an event if one of its parameters has turned out to be a session."""
    for key, values, event in machine.identities:
        if key == frame.key and any(isinstance(state.object(value), Session) for value in values):
            machine.recorder.add(event)


def values_in(state: PathState, env: Key) -> list[Value]:
    """The values of the variables of one activation."""
    found = state.variables.get(env)
    return list(found.names.values()) if found is not None else []


def report_leak(machine: Machine, frame: Frame, state: PathState, key: Key, session: Session, how: str, left_at: Location | None) -> None:
    """An open session that nobody can close any more; reported where it was acquired."""
    state.heap[key] = replace(session, owner=None)
    if session.is_used and not session.is_scoped and session.acquired_at is not None:
        function = innermost(machine, frame, session.acquired_at)
        history = session.history
        if left_at is not None:
            text = "an exception here leaves it open" if how == "exception" else "its name is bound to another session here"
            history = history.then(Step("leave", left_at, text))
        machine.recorder.add(SessionLeaked(session.acquired_at, function, history, how, left_at))


def innermost(machine: Machine, frame: Frame, at: Location) -> FunctionId:
    """The function of the program that a location lies in, as far as the frames on the stack tell."""
    above: Frame | None = frame
    while above is not None:
        if above.file == at.file and above.facts.span.row <= at.range.row <= above.facts.span.end_row:
            return above.function
        above = above.parent
    return frame.function


def _collect(state: PathState, objects: set[Key], scopes: set[Key], live: list[Key]) -> None:
    sessions = {getattr(found, "session", None) for key, found in state.heap.items() if key in objects}
    for key in [key for key in state.heap if key not in objects and key not in sessions and key[0] not in _KEPT]:
        del state.heap[key]
    for env in [env for env in state.variables if env not in scopes and env not in live and env[0] != "global"]:
        del state.variables[env]
