"""Calls of what is not part of the program: SQLAlchemy, contextlib, functools, asyncio and the built-ins. Entry point: `call_external`."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from sessionlint.knowledge.caches import CACHE_CALLS, CACHE_OBJECTS
from sessionlint.knowledge.endings import ABORTS, EXITS
from sessionlint.knowledge.frameworks.flask_sqlalchemy import FLASK_DB
from sessionlint.knowledge.frameworks.serializers import ADAPTERS, PARSING, TAKING_APART
from sessionlint.knowledge.sqlalchemy import options as known_options
from sessionlint.knowledge.sqlalchemy.sessions import ASYNC_FACTORIES, ASYNC_SESSIONS, FACTORIES, SCOPED, SESSIONS
from sessionlint.knowledge.threads import HAND_OVERS, LOOP, MADE, TASKS
from sessionlint.link.symbols import ClassSymbol, External
from sessionlint.solve.calls import unknowns
from sessionlint.solve.calls.collections import BUILTINS
from sessionlint.solve.frameworks import templates
from sessionlint.solve.frameworks.serializing import adapter, parsed, taken_apart
from sessionlint.solve.keeping import caches, handovers
from sessionlint.solve.orm import failures, instances, ownership, queries, sessions
from sessionlint.solve.orm.options import option_of
from sessionlint.solve.scopes import waiting
from sessionlint.solve.state.objects import (
    Arguments,
    Collection,
    Connection,
    ContextManager,
    Coroutine,
    Factory,
    Foreign,
    Instance,
    Partial,
    Session,
    Task,
)
from sessionlint.solve.state.outcome import Thrown
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import (
    NONE,
    ClassValue,
    Const,
    ExternalValue,
    FunctionValue,
    Method,
    Option,
    Ref,
    Super,
    Value,
)
from sessionlint.solve.walk.exceptions import HTTP_ERROR, SYSTEM_EXIT
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.source import Range

Model = Callable[[Machine, Frame, PathState, Arguments, Range], Results]


def call_external(machine: Machine, frame: Frame, state: PathState, name: str, arguments: Arguments, at: Range) -> Results:
    """Call something outside the program by its canonical name."""
    found = _MODELS.get(name)
    if found is not None:
        return found(machine, frame, state, arguments, at)
    waiting.call(machine, frame, state, name, arguments, at)
    if name in MADE or name in CACHE_OBJECTS or waiting.is_client(name):
        return [(state, state.put(frame.site(at, "made"), Foreign(MADE.get(name, name))))]
    if name in CACHE_CALLS:
        caches.put_by_call(machine, frame, state, name, arguments, at)
    if name in HAND_OVERS and (returned := handovers.awaited(machine, frame, state, name, arguments, at)) is not None:
        return returned
    head, _, tail = name.rpartition(".")
    if head == "builtins" and tail in BUILTINS:
        return BUILTINS[tail](machine, frame, state, arguments, at)
    if tail in known_options.ALL and head.startswith("sqlalchemy"):
        return [(state, option_of(state, tail, arguments))]
    if name.startswith("sqlalchemy.") and not any(isinstance(state.object(value), Session) for value in arguments.all()):
        return [(state, machine.fresh(frame, state, at, "call"))]
    return unknowns.unknown_call(machine, frame, state, ExternalValue(name), arguments, at)


def _ended(names: tuple[str, ...]) -> Model:
    """A call that never returns."""

    def build(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
        failures.passed_on(machine, state)
        machine.throw(frame, state, Thrown(frame.at(at), names))
        return []

    return build


def expires_in(arguments: Arguments, default: bool | None = True) -> bool | None:
    """What `expire_on_commit=` says among the arguments of a session or a factory."""
    given = next((value for name, value in arguments.keywords if name == "expire_on_commit"), None)
    if given is None:
        return None if arguments.is_open else default
    return given.value if isinstance(given, Const) and isinstance(given.value, bool) else None


def autoflush_in(arguments: Arguments) -> bool | None:
    """What `autoflush=` says among them; None where nothing is said."""
    given = next((value for name, value in arguments.keywords if name == "autoflush"), None)
    return given.value if isinstance(given, Const) and isinstance(given.value, bool) else None


def _session(is_async: bool) -> Model:
    def build(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
        expires, autoflushes = expires_in(arguments), autoflush_in(arguments)
        session = ownership.new_session(machine, frame, state, at, is_async=is_async, expires=expires, autoflushes=autoflushes)
        if isinstance(state.object(arguments.get(0, "bind")), Connection):
            # "the Session will be bound to the Connection"; whoever opened that gives it back
            ownership.escape(state, session)
        return [(state, session)]

    return build


def _connection(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    return [(state, state.put(frame.site(at, "connection"), Connection()))]


def _factory(is_async: bool) -> Model:
    def build(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
        cls = next((value for name, value in arguments.keywords if name == "class_"), None)
        is_async_class = isinstance(cls, ExternalValue) and cls.name in ASYNC_SESSIONS
        if isinstance(cls, ClassValue):
            lineage = machine.program.mro(cls.id)
            is_async_class = any(isinstance(base, External) and base.name in ASYNC_SESSIONS for base in lineage)
        is_borrowed = isinstance(state.object(arguments.get(0, "bind")), Connection)
        factory = Factory(is_async or is_async_class, expires_in(arguments), is_borrowed=is_borrowed, autoflushes=autoflush_in(arguments))
        return [(state, state.put(frame.site(at, "factory"), factory))]

    return build


def _scoped(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    inner = state.object(arguments.get(0, "session_factory"))
    factory = inner if isinstance(inner, Factory) else Factory(False, None)
    return [(state, state.put(frame.site(at, "scoped"), replace(factory, is_scoped=True)))]


def _wrapped(kind: str) -> Model:
    def build(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
        subject = arguments.positional[0] if arguments.positional and kind != "suppress" else None
        return [(state, state.put(frame.site(at, kind), ContextManager(kind, subject)))]

    return build


def _partial(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    if not arguments.positional:
        return [(state, NONE)]
    rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.is_open)
    return [(state, state.put(frame.site(at, "partial"), Partial(arguments.positional[0], rest)))]


def _run_coroutines(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`asyncio.run`, `gather`, `wait`: the coroutines run, one after the other here."""
    pending: list[Value] = []
    rest: list[Value] = list(arguments.rest)
    for value in arguments.positional:
        found = state.object(value)
        pending += (found.items or ()) if isinstance(found, Collection) else (value,)
        rest += found.elements if isinstance(found, Collection) else ()
    handovers.waited(machine, frame, state, tuple(pending), tuple(rest), at)
    pending += rest
    states: Results = [(state, NONE)]
    for value in pending:
        states = [
            after
            for current, _ in states
            for after in (
                sessions.run_coroutine(machine, frame, current, value, at)
                if isinstance(current.object(value), Coroutine | Task)
                else [(current, NONE)]
            )
        ]
    return states if len(pending) == 1 else [(current, machine.fresh(frame, current, at, "gathered")) for current, _ in states]


def _create_task(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`create_task(coroutine)`: it runs beside what follows."""
    return start_task(machine, frame, state, None, arguments.get(0, "coro") or NONE, at)


def start_task(machine: Machine, frame: Frame, state: PathState, group: Value | None, value: Value, at: Range) -> Results:
    """Run a coroutine as a task, which `group` waits for."""
    if not isinstance(state.object(value), Coroutine):
        return [(state, NONE)]
    if machine.awaiting:
        # `await create_task(…)`: nothing runs beside it
        return sessions.run_coroutine(machine, frame, state, value, at)
    return [
        (after, handovers.started(machine, frame, after, value, result, group, at))
        for after, result in sessions.run_coroutine(machine, frame, state, value, at)
    ]


def foreign_method(machine: Machine, frame: Frame, state: PathState, receiver: Ref, name: str, arguments: Arguments, at: Range) -> Results:
    """A method of an executor, a task group, an event loop, a queue."""
    owner = state.object(receiver)
    assert isinstance(owner, Foreign)
    kind = TASKS.get(f"{owner.name}.{name}")
    if kind == "task":
        return start_task(machine, frame, state, receiver, arguments.get(0, "coro") or NONE, at)
    if kind == "start" and arguments.positional:
        inner = Arguments(arguments.positional[1:], (), arguments.is_open, arguments.rest)
        return [
            done
            for after, value in machine.call(frame, state, arguments.positional[0], inner, at)
            for done in start_task(machine, frame, after, receiver, value, at)
        ]
    if owner.name == LOOP and name == "run_until_complete":
        return _run_coroutines(machine, frame, state, arguments, at)
    waiting.method(machine, frame, state, owner.name, name, at)
    if owner.name in CACHE_OBJECTS:
        caches.put_by_method(machine, frame, state, receiver, name, arguments, at)
        if name == "configure":
            return [(state, receiver)]
    returned = handovers.by_method(machine, frame, state, owner, name, arguments, at)
    if returned is not None:
        return returned
    return unknowns.unknown_call(machine, frame, state, Method(receiver, name), arguments, at)


def _flask_db(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    return [(state, ExternalValue(FLASK_DB))]


def _object_session(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    return [(state, instances.state_of(state, arguments.positional[0] if arguments.positional else NONE, "session"))]


def _make_transient(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """The instance has no row any more as far as it knows; what is not in memory is None, not an error."""
    for value in arguments.positional[:1]:
        thing, ref = state.object(value), state.value(value)
        if isinstance(thing, Instance) and isinstance(ref, Ref):
            state.heap[ref.key] = replace(thing, is_transient=True, is_detached=False, is_new=False, session=None, is_expired=False)
    return [(state, NONE)]


def _set_committed_value(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`set_committed_value(instance, "name", value)`: in memory from now on, without a change.

    https://docs.sqlalchemy.org/en/20/orm/session_api.html#sqlalchemy.orm.attributes.set_committed_value
    """
    values = [arguments.get(position, name) for position, name in enumerate(("instance", "key", "value"))]
    ref, thing, name = state.value(values[0] or NONE), state.object(values[0]), state.value(values[1] or NONE)
    if isinstance(ref, Ref) and isinstance(thing, Instance) and isinstance(name, Const) and values[2] is not None:
        instances.put_in_memory(state, ref.key, thing, str(name.value), values[2])
    return [(state, NONE)]


def _inspect(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    first = arguments.positional[0] if arguments.positional else NONE
    if isinstance(state.object(first), Instance):
        return [(state, Method(first, "@state"))]
    return [(state, machine.fresh(frame, state, at, "inspect"))]


def _load(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`Load(User).selectinload(…)`: options that begin with the entity."""
    entity = arguments.get(0, "entity")
    if not isinstance(entity, ClassValue):
        return [(state, Option(None, (), is_opaque=True))]
    return [(state, Option(entity.id, ()))]


def _aliased(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    return [(state, arguments.positional[0] if arguments.positional else NONE)]


_MODELS: dict[str, Model] = {
    **{name: _session(False) for name in SESSIONS},
    **{name: _session(True) for name in ASYNC_SESSIONS},
    **{name: _factory(False) for name in FACTORIES},
    **{name: _factory(True) for name in ASYNC_FACTORIES},
    **dict.fromkeys(SCOPED, _scoped),
    **templates.MODELS,
    **dict.fromkeys(ABORTS, _ended(HTTP_ERROR)),
    **dict.fromkeys(EXITS, _ended(SYSTEM_EXIT)),
    "sqlalchemy.select": queries.select,
    "sqlalchemy.orm.Query": queries.query,
    "sqlalchemy.orm.aliased": _aliased,
    "werkzeug.local.LocalProxy._get_current_object": _aliased,
    "sqlalchemy.orm.Load": _load,
    "sqlalchemy.orm.object_session": _object_session,
    "sqlalchemy.inspect": _inspect,
    "alembic.op.get_bind": _connection,
    "sqlalchemy.orm.make_transient": _make_transient,
    "sqlalchemy.orm.attributes.set_committed_value": _set_committed_value,
    "sqlalchemy.orm.set_committed_value": _set_committed_value,
    "sqlalchemy.orm.attributes.instance_state": _inspect,
    "sqlalchemy.orm.attributes.instance_dict": BUILTINS["vars"],
    "sqlalchemy.orm.base.instance_state": _inspect,
    "sqlalchemy.orm.base.instance_dict": BUILTINS["vars"],
    "flask_sqlalchemy.SQLAlchemy": _flask_db,
    "contextlib.closing": _wrapped("closing"),
    "contextlib.aclosing": _wrapped("closing"),
    "contextlib.suppress": _wrapped("suppress"),
    "contextlib.nullcontext": _wrapped("null"),
    "contextlib.ExitStack": _wrapped("stack"),
    "contextlib.AsyncExitStack": _wrapped("stack"),
    "functools.partial": _partial,
    **dict.fromkeys(ADAPTERS, adapter),
    **dict.fromkeys(PARSING, parsed),
    **dict.fromkeys(TAKING_APART, taken_apart),
    "asyncio.run": _run_coroutines,
    "asyncio.gather": _run_coroutines,
    "asyncio.create_task": _create_task,
    "asyncio.ensure_future": _create_task,
    "asyncio.wait": _run_coroutines,
    "asyncio.as_completed": _run_coroutines,
    "asyncio.wait_for": _run_coroutines,
    "asyncio.shield": _run_coroutines,
}


def super_method(machine: Machine, frame: Frame, state: PathState, receiver: Super, name: str, arguments: Arguments, at: Range) -> Results:
    """`super().name(…)`: the next class of the instance's MRO that has it."""
    found = state.object(receiver.instance)
    cls = getattr(found, "cls", None) or getattr(found, "model", None) or receiver.owner
    lineage = [base.id for base in machine.program.mro(cls) if isinstance(base, ClassSymbol)]
    after = lineage[lineage.index(receiver.owner) + 1 :] if receiver.owner in lineage else lineage
    for base in after:
        index = machine.program.class_(base).methods.get(name)
        if index is not None:
            function = type(frame.function)(base.file, index)
            return machine.call(frame, state, FunctionValue(function, None, receiver.instance, base), arguments, at)
    return [(state, machine.fresh(frame, state, at, name))]


def stack_method(machine: Machine, frame: Frame, state: PathState, receiver: Ref, name: str, arguments: Arguments, at: Range) -> Results:
    """`stack.enter_context(session)` and its relatives."""
    stack = state.heap[receiver.key]
    if (
        name in {"enter_context", "enter_async_context", "push", "push_async_exit"}
        and arguments.positional
        and isinstance(stack, ContextManager)
    ):
        value = arguments.positional[0]
        inner = state.object(value)
        entered = inner.subject if isinstance(inner, ContextManager) and inner.subject is not None else value
        state.heap[receiver.key] = replace(stack, entered=(*stack.entered, entered))
        ownership.escape(state, entered)
        return [(state, entered)]
    first = arguments.positional[0] if arguments.positional else NONE
    if name in {"callback", "push_async_callback"} and isinstance(stack, ContextManager) and isinstance(first, Method):
        # `stack.callback(session.close)`
        closed = (first.receiver,) if first.name in {"close", "aclose"} else ()
        state.heap[receiver.key] = replace(stack, entered=(*stack.entered, *closed))
    for value in arguments.all():
        ownership.escape(state, value.receiver if isinstance(value, Method) else value)
    return [(state, machine.fresh(frame, state, at, name))]
