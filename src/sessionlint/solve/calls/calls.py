"""Calls: what is called decides. Entry points: `call`, `run_function`."""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.knowledge.caches import CACHES
from sessionlint.knowledge.sqlalchemy.sessions import ASYNC_SESSIONS, SESSIONS
from sessionlint.knowledge.threads import HAND_OVERS, QUEUED, TELLING
from sessionlint.link.symbols import ClassId, ClassSymbol, External
from sessionlint.solve.calls import collections, endings, externals
from sessionlint.solve.calls.activation import activate
from sessionlint.solve.calls.unknowns import is_acquirer, recognized, unknown_call
from sessionlint.solve.frameworks import serializing, templates
from sessionlint.solve.history import EMPTY, Step
from sessionlint.solve.keeping import handovers
from sessionlint.solve.keeping.stores import stored_call
from sessionlint.solve.meaning.annotations import annotated, class_object, is_context_manager
from sessionlint.solve.orm import failures, inspecting, instances, options, queries, registries, sessions
from sessionlint.solve.orm.loading import loaded_by
from sessionlint.solve.orm.ownership import escape, new_session
from sessionlint.solve.scopes import nesting, waiting
from sessionlint.solve.state.objects import (
    Arguments,
    Collection,
    Connection,
    ContextManager,
    Coroutine,
    Factory,
    Foreign,
    Generator,
    Instance,
    Object,
    Partial,
    Query,
    Renderer,
    Result,
    Session,
    State,
    TypeForm,
)
from sessionlint.solve.state.reach import reachable
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import (
    NONE,
    ClassValue,
    ExternalValue,
    FunctionValue,
    MappedName,
    Method,
    Option,
    Ref,
    Super,
    Unknown,
    Value,
)
from sessionlint.solve.walk.machine import Frame, Machine, Results
from sessionlint.source import Range


def call(machine: Machine, frame: Frame, state: PathState, function: Value, arguments: Arguments, at: Range) -> Results:
    """Call `function`."""
    function = state.value(function)
    if type(function) is FunctionValue:
        return _function(machine, frame, state, function, arguments, at)
    if type(function) is Method:
        if type(function.receiver) is ClassValue or type(state.object(function.receiver)) is Object:
            return serializing.serialized(machine, frame, state, function.receiver, function.name, arguments, at)
        return _method(machine, frame, state, function, arguments, at)
    if type(function) is ExternalValue:
        return externals.call_external(machine, frame, state, function.name, arguments, at)
    if type(function) is ClassValue:
        return _class(machine, frame, state, function.id, arguments, at)
    if type(function) is Ref:
        return _object(machine, frame, state, function, arguments, at)
    return unknown_call(machine, frame, state, function, arguments, at)


def _function(machine: Machine, frame: Frame, state: PathState, function: FunctionValue, arguments: Arguments, at: Range) -> Results:
    facts = machine.program.function(function.id)
    if is_acquirer(machine, frame, at) and facts.is_generator is False and not facts.is_async:
        return acquired(machine, frame, state, function, arguments, at)
    if facts.is_generator:
        is_context = is_context_manager(machine, function.id)
        return [(state, state.put(frame.site(at, "generator"), Generator(function, arguments, is_context)))]
    if facts.is_async:
        return [(state, state.put(frame.site(at, "coroutine"), Coroutine(function, arguments)))]
    return run_function(machine, frame, state, function, arguments, at)


def run_function(machine: Machine, frame: Frame, state: PathState, function: FunctionValue, arguments: Arguments, at: Range) -> Results:
    """Walk a call of a function of the program."""
    is_endless = endings.never_returns(machine, function.id)
    if not (is_endless or machine.relevance.matters(function, state, arguments)) and not (
        failures.concern(machine, function, state) or nesting.concern(machine, function) or waiting.concern(machine, function, state)
    ):
        machine.may_raise(frame, state, at)
        return [(state, _promised(machine, frame, state, function, at))]
    out = activate(machine, frame, state, function, arguments, at)
    if out is None:
        if machine.tries:
            machine.may_raise(frame, state, at)
        failures.forget(machine, state)
        _leave_unknown(state, function, arguments)
        return [(state, machine.fresh(frame, state, at, "call"))]
    for found, thrown in out.raised:
        machine.throw(frame, found, thrown)
    if is_endless:
        return []
    is_cached = bool(machine.program.decorator_names(function.id) & CACHES)
    for found, value in out.returned if is_cached else ():
        escape(found, value)
    return [(found, found.value(value)) for found, value in out.returned]


def _leave_unknown(state: PathState, function: FunctionValue, arguments: Arguments) -> None:
    """A call that the limits forbid to walk may have refreshed, or rolled back, whatever its sessions hold."""
    given = [*arguments.all(), *([function.bound] if function.bound is not None else [])]
    objects, _ = reachable(state, given)
    for key, found in list(state.heap.items()):
        if (
            isinstance(found, Instance)
            and not found.is_opaque
            and (key in objects or (found.session is not None and found.session in objects))
        ):
            state.heap[key] = replace(found, is_opaque=True)


def _promised(machine: Machine, frame: Frame, state: PathState, function: FunctionValue, at: Range) -> Value:
    """The result of a call that is not walked: what its annotation says, or its only `return`, where that makes an object."""
    unknown = machine.fresh(frame, state, at, "call")
    facts = machine.program.function(function.id)
    if facts.returns is None:
        made = _made_by(machine, function)
        return unknown if made is None else state.put(("object", *unknown.key), made)
    return annotated(machine, Frame(function.id, facts, frame.key, frame.depth), state, unknown, facts.returns)


def _made_by(machine: Machine, function: FunctionValue) -> Object | None:
    """`def service(): return UserService(db_manager)`."""

    def find() -> Object | None:
        returns = [item.value for item in statements(machine.program.function(function.id).body) if isinstance(item, ops.Return)]
        call = returns[0] if len(returns) == 1 else None
        symbol = machine.program.resolve(function.id, call.func) if isinstance(call, ops.Call) else None
        made = class_object(machine, symbol.id) if isinstance(symbol, ClassSymbol) else None
        return made if isinstance(made, Object) else None

    return machine.kept(machine.made, function.id, find)


def acquired(machine: Machine, frame: Frame, state: PathState, function: FunctionValue | None, arguments: Arguments, at: Range) -> Results:
    """A configured acquirer: what its body says where it is known, else a new session that the caller has to close."""
    if function is not None:
        results = run_function(machine, frame, state, function, arguments, at)
        if results and all(isinstance(found.object(value), Session | Object | Collection) for found, value in results):
            return results
        state = results[0][0] if results else state
    return [(state, new_session(machine, frame, state, at, is_async=False, expires=machine.program.default_expiry))]


def _class(machine: Machine, frame: Frame, state: PathState, cls: ClassId, arguments: Arguments, at: Range) -> Results:
    model = machine.program.models.get(cls)
    if model is not None and model.is_mapped:
        children = arguments.keywords
        loaded = frozenset(name for name, _ in children)
        history = EMPTY.then(Step("query", frame.at(at), f"`{model.name}` is made here"))
        memory = loaded_by(machine, model, (), (cls,)).memory()
        thing = Instance(
            cls, None, is_transient=True, loaded=loaded, query=memory, children=children, entity=None, chain=(cls,), history=history
        )
        for name, value in children:
            instances.relate(machine, state, cls, name, value)
        return [(state, state.put(frame.site(at, "new"), thing))]
    for base in machine.program.mro(cls):
        if isinstance(base, External) and base.name in SESSIONS | ASYNC_SESSIONS:
            is_async = base.name in ASYNC_SESSIONS
            return [(state, new_session(machine, frame, state, at, is_async=is_async, expires=externals.expires_in(arguments)))]
    if any(isinstance(base, External) and HAND_OVERS.get(base.name) == "a thread" for base in machine.program.mro(cls)):
        handovers.hand_over(machine, frame, state, arguments.given(), "a thread", at)
    ref = state.put(frame.site(at, "object"), Object(cls))
    init = machine.program.method(cls, "__init__")
    if init is None:
        fields = dict(zip(_field_names(machine, cls), arguments.positional, strict=False)) | dict(arguments.keywords)
        state.heap[ref.key] = Object(cls, tuple(fields.items()))
        return [(serializing.constructed(machine, frame, state, cls, arguments, at), ref)]
    return [(found, ref) for found, _ in run_function(machine, frame, state, FunctionValue(init, None, ref, cls), arguments, at)]


def _field_names(machine: Machine, cls: ClassId) -> list[str]:
    """The fields of a dataclass or named tuple, in the order of its generated `__init__`."""
    return [
        target.id
        for item in statements(machine.program.class_(cls).body)
        if isinstance(item, ops.Assign) and item.annotation is not None
        for target in item.targets
        if isinstance(target, ops.Name)
    ]


def _object(machine: Machine, frame: Frame, state: PathState, function: Ref, arguments: Arguments, at: Range) -> Results:
    match state.heap.get(function.key):
        case Factory() as factory:
            expires = externals.expires_in(arguments, factory.expires)
            session = new_session(
                machine,
                frame,
                state,
                at,
                is_async=factory.is_async,
                expires=expires,
                is_scoped=factory.is_scoped,
                autoflushes=factory.autoflushes,
            )
            if factory.is_borrowed or isinstance(state.object(arguments.get(-1, "bind")), Connection):
                escape(state, session)
            return [(state, session)]
        case Session() as session if session.is_scoped:
            return [(state, function)]
        case Partial() as partial:
            merged = Arguments(
                partial.arguments.positional + arguments.positional, partial.arguments.keywords + arguments.keywords, arguments.is_open
            )
            return machine.call(frame, state, partial.function, merged, at)
        case TypeForm() as form if form.origin is not None:
            return serializing.rooted(machine, frame, state, form, arguments, at)
        case Object() as found:
            method = machine.program.method(found.cls, "__call__")
            if method is not None:
                return machine.call(frame, state, FunctionValue(method, None, function, found.cls), arguments, at)
        case Foreign():
            return externals.foreign_method(machine, frame, state, function, "__call__", arguments, at)
        case _:
            pass
    return unknown_call(machine, frame, state, function, arguments, at)


def _method(  # noqa: C901 (one case a kind of receiver)
    machine: Machine, frame: Frame, state: PathState, function: Method, arguments: Arguments, at: Range
) -> Results:
    receiver, name = state.value(function.receiver), function.name
    if type(receiver) is Ref:
        return _known_method(machine, frame, state, receiver, name, arguments, at)
    if type(receiver) is Unknown:
        rendered = templates.recognized(machine, frame, state, name, arguments, at)
        if rendered is not None:
            return rendered
        ref = recognized(machine, frame, state, receiver, name, arguments, at)
        if ref is None:
            if name in TELLING and any(isinstance(value, FunctionValue) for value in arguments.positional):
                handovers.hand_over(machine, frame, state, arguments.given(), "another thread or task", at)
            return unknown_call(machine, frame, state, function, arguments, at)
        receiver = ref
    if isinstance(receiver, Option):
        return options.extend_option(machine, state, receiver, name, arguments)
    if isinstance(receiver, MappedName):
        return [(state, options.narrowed(receiver, name, arguments))]
    if isinstance(receiver, FunctionValue) and name in QUEUED:
        handovers.hand_over(machine, frame, state, arguments.given(), "a task queue", at)
    if isinstance(receiver, Method) and inspecting.is_view(receiver):
        return inspecting.method(machine, frame, state, receiver, name, arguments, at)
    if isinstance(receiver, Super):
        return externals.super_method(machine, frame, state, receiver, name, arguments, at)
    if not isinstance(receiver, Ref):
        return unknown_call(machine, frame, state, function, arguments, at)
    return _known_method(machine, frame, state, receiver, name, arguments, at)


def _known_method(  # noqa: C901 (one case a kind of object)
    machine: Machine, frame: Frame, state: PathState, receiver: Ref, name: str, arguments: Arguments, at: Range
) -> Results:
    key = receiver.key
    thing = state.heap.get(key)
    if thing is None:
        return unknown_call(machine, frame, state, Method(receiver, name), arguments, at)
    match thing:
        case Session():
            return sessions.session_method(machine, frame, state, key, name, arguments, at)
        case Query():
            return queries.query_method(machine, frame, state, key, name, arguments, at)
        case Result():
            return queries.result_method(machine, frame, state, key, name, arguments, at)
        case Collection():
            return collections.collection_method(machine, frame, state, key, name, arguments, at)
        case State() as store:
            return stored_call(machine, frame, state, store, name, arguments, at)
        case Foreign():
            return externals.foreign_method(machine, frame, state, receiver, name, arguments, at)
        case TypeForm() as form:
            return serializing.adapted(machine, frame, state, receiver, form, name, arguments, at)
        case Renderer() as renderer:
            return templates.renderer_method(machine, frame, state, renderer.template, name, arguments, at)
        case Factory() as factory:
            return _factory_method(machine, frame, state, receiver, factory, name, arguments, at)
        case ContextManager(kind="stack"):
            return externals.stack_method(machine, frame, state, receiver, name, arguments, at)
        case ContextManager() as manager if isinstance(manager.subject, Ref) and name in {"commit", "rollback", "close"}:
            failures.transaction_ends(machine, frame, state, manager.subject.key, name, at)
            return [(state, NONE)]
        case _:
            return unknown_call(machine, frame, state, Method(receiver, name), arguments, at)


def _factory_method(
    machine: Machine, frame: Frame, state: PathState, receiver: Ref, factory: Factory, name: str, arguments: Arguments, at: Range
) -> Results:
    if name == "begin":
        session = new_session(machine, frame, state, at, is_async=factory.is_async, expires=factory.expires)
        return [(state, state.put(frame.site(at, "begin"), ContextManager("owned", session)))]
    if name == "configure":
        if isinstance(state.object(arguments.get(-1, "bind")), Connection):
            state.heap[receiver.key] = replace(factory, is_borrowed=True)
        return [(state, NONE)]
    if factory.is_scoped:
        current = registries.current_session(state, receiver, factory)
        return sessions.session_method(machine, frame, state, current.key, name, arguments, at)
    return [(state, machine.fresh(frame, state, at, name))]
