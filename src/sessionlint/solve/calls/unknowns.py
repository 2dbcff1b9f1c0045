"""Calls of which nothing is known, and unknowns that turn out to be sessions. Entry points: `unknown_call`, `recognized`."""

from __future__ import annotations

from sessionlint.knowledge.endings import RESPONSES
from sessionlint.solve.keeping.stores import put_into
from sessionlint.solve.meaning.annotations import record_taken
from sessionlint.solve.orm import failures, registries
from sessionlint.solve.orm.ownership import escape, expose
from sessionlint.solve.state.objects import Arguments, Connection, ContextManager, Generator, Instance, LateComprehension, Query, Session
from sessionlint.solve.state.outcome import Outcome
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import ClassValue, Const, ExternalValue, FunctionValue, Key, MappedName, Method, Ref, Unknown, Value
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.source import Range


def unknown_call(machine: Machine, frame: Frame, state: PathState, function: Value, arguments: Arguments, at: Range) -> Results:
    """A call of which nothing is known: it may raise, and it may keep the sessions it is given."""
    if is_acquirer(machine, frame, at):
        return machine.acquire(frame, state, None, arguments, at)
    if isinstance(function, Method) and function.name in _ADDS:
        put_into(machine, frame, state, function.receiver, arguments.all(), at)
    if machine.has_failed:
        failures.unknown_called(machine, state, function)
    given = [value for value in arguments.all() if type(value) in _CALLABLE or state.object(value) is not None]
    for value in given:
        if type(state.object(value)) in _LATE:
            machine.iterate(frame, state.copy(), value, at, lambda current, element: Outcome(normal=[current]))
        # who is handed `session.close` will close the session
        escape(state, value.receiver if type(value) is Method else value)
    if not is_harmless(function):
        machine.may_raise(frame, state, at)
        _expose(state, arguments, given)
    for value in given:
        if type(value) is FunctionValue and not machine.is_tired:
            callback(machine, frame, state, value, at)
    return [(state, _result(machine, frame, state, function, at))]


_CALLABLE = frozenset({FunctionValue, Method})
_LATE = frozenset({LateComprehension, Generator})


def _expose(state: PathState, arguments: Arguments, given: list[Value]) -> None:
    if arguments.positional:
        failures.may_change(state)
    for value in given:
        expose(state, value)


def _result(machine: Machine, frame: Frame, state: PathState, function: Value, at: Range) -> Value:
    if registries.opens_application(function):
        return state.put(frame.site(at, "application"), ContextManager("application"))
    if type(function) is Method and function.name in {"connect", "begin", "get_bind"}:
        return state.put(frame.site(at, "connection"), Connection())
    if type(function) is Method and function.name == "execution_options" and isinstance(state.object(function.receiver), Connection):
        return function.receiver
    result = machine.fresh(frame, state, at, "call")
    if type(function) is ExternalValue and function.name in RESPONSES:
        is_true: Key = ("true", result.key)
        state.known[is_true] = True
    return result


def callback(machine: Machine, frame: Frame, state: PathState, value: FunctionValue, at: Range) -> None:
    """A function handed to something unknown is called some time, on a state of its own."""
    if frame.depth < 3 and machine.program.function(value.id).name == "<lambda>":
        machine.call(frame, state.copy(), value, Arguments((), (), True), at)


def is_acquirer(machine: Machine, frame: Frame, at: Range) -> bool:
    """Whether the call at `at` is a configured acquisition."""
    return (frame.file, at) in machine.acquisitions


def recognized(
    machine: Machine, frame: Frame, state: PathState, receiver: Unknown, name: str, arguments: Arguments, at: Range
) -> Ref | None:
    """An unknown that is used as only a session can be used is a session from here on, somebody else's."""
    if name not in _SESSION_METHODS:
        return None
    first = arguments.get(0, "statement")
    is_model = isinstance(first, ClassValue) and first.id in machine.program.models
    is_statement = isinstance(state.object(first), Query)
    fits = (
        (name in {"query", "get"} and (is_model or isinstance(first, MappedName)))
        or (name in {"execute", "scalars", "scalar", "exec"} and is_statement)
        or (
            name in {"add", "refresh", "delete", "merge", "expunge"}
            and isinstance(state.object(first), Instance)
            and "session" in _tail(receiver)
        )
        or (name == "begin_nested" and "session" in _tail(receiver))
    )
    if not fits or machine.handed.is_other(receiver, name):
        return None
    key = ("object", *receiver.key)
    if receiver.key in machine.taken:
        record_taken(machine, machine.taken[receiver.key])
    is_async = machine.awaiting and name != "query"
    # what a module keeps, and everybody uses, finds the session of the thread or request
    is_scoped = receiver.key[0] in {"global", "module"}
    return state.put(key, Session(is_async, None, None, machine.program.default_expiry, is_scoped=is_scoped))


_SESSION_METHODS = frozenset(
    {"query", "get", "execute", "scalars", "scalar", "exec", "add", "refresh", "delete", "merge", "expunge", "begin_nested"}
)
"""What may be called on a session, and on little else."""


def _tail(value: Unknown) -> str:
    return str(value.key[-1]).lower() if value.key else ""


def is_harmless(function: Value) -> bool:
    """Whether an unknown call practically never raises: logging, printing, clocks."""
    if type(function) is Method:
        return type(function.receiver) is Const or function.name in _QUIET_METHODS
    return type(function) is ExternalValue and function.name.startswith(_HARMLESS)


LOGGING = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "trace", "success"})
"""Methods of a logger, whatever it is called: logging handles its own errors."""

_ADDS = frozenset({"append", "add", "insert", "appendleft", "extend", "update", "setdefault"})
"""What puts something into a collection that came out of a store."""

_HARMLESS = (
    "logging.",
    "time.time",
    "time.monotonic",
    "time.perf_counter",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "builtins.isinstance",
    "builtins.hasattr",
    "builtins.bool",
    "builtins.id",
    "builtins.type",
    "builtins.object",
    "builtins.range",
    "builtins.callable",
    "os.getenv",
    "os.environ",
    "structlog.",
    "loguru.",
)
_QUIET_METHODS = LOGGING | frozenset(
    {"append", "get", "items", "keys", "values", "strip", "lower", "upper", "isoformat", "startswith", "endswith"}
)
