"""Sessions that are kept for whoever asks: a registry's current one, `query_property()`, Flask-SQLAlchemy's and its contexts.

Entry points: `current_session`, `registry_of`, `registry_session`, `flask_session`, `opens_application`, `leave_application`.
"""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.link.symbols import ClassId, ClassSymbol, FunctionId, Symbol
from sessionlint.solve.history import Step
from sessionlint.solve.meaning.statics import evaluated
from sessionlint.solve.orm import instances
from sessionlint.solve.state.objects import Factory, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import ExternalValue, Key, Method, Ref, Value
from sessionlint.solve.walk.machine import Frame, Machine
from sessionlint.source import Range

_FLASK_SESSION: Key = ("global", "flask_sqlalchemy", "session")


def flask_session(state: PathState) -> Ref:
    """Flask-SQLAlchemy's `db.session`."""
    if _FLASK_SESSION not in state.heap:
        state.heap[_FLASK_SESSION] = Session(False, None, None, True, is_scoped=True)
    return Ref(_FLASK_SESSION)


def opens_application(function: Value) -> bool:
    """Whether a call is `app.app_context()` or its like, of which nobody but Flask's applications has any."""
    name = function.name.rpartition(".")[2] if type(function) is Method or type(function) is ExternalValue else ""
    return name in {"app_context", "test_request_context", "request_context"}


def leave_application(frame: Frame, state: PathState, before: frozenset[Key], at: Range) -> None:
    """The context is left, and Flask-SQLAlchemy removes its session. Since version 3 each context has its own: what was there before
    hangs on another.

    https://flask-sqlalchemy.palletsprojects.com/en/stable/contexts/
    """
    step = Step("end", frame.at(at), "the application context is left, which removes its session")
    for key, found in instances.of_session(state, _FLASK_SESSION):
        if key not in before:
            state.heap[key] = replace(found, is_detached=True, session=None, changed=frozenset(), history=found.history.then(step))


def registry_of(expr: ops.Expr | None) -> ops.Expr | None:
    """The `Session` of `Session.query_property()`; None for any other expression."""
    match expr:
        case ops.Call(func=ops.Attribute(name="query_property", value=registry)):
            return registry
        case _:
            return None


def current_session(state: PathState, registry: Ref, factory: Factory) -> Ref:
    """The session that a registry keeps for whoever asks."""
    key: Key = (*registry.key, "current")
    if key not in state.heap:
        state.heap[key] = Session(factory.is_async, None, None, factory.expires, is_scoped=True)
    return Ref(key)


def registry_session(machine: Machine, state: PathState, model: ClassId) -> Ref | None:
    """The session that `Model.query` asks, where the program says which registry it belongs to."""
    found = _declared(machine, model)
    if found is None:
        return None
    function, registry_name = found
    place = registry_name.at
    registry = evaluated(machine, state, function, f"query {place.row}:{place.column}", registry_name, None)
    factory = state.object(registry)
    return current_session(state, registry, factory) if isinstance(factory, Factory) and isinstance(registry, Ref) else None


def _declared(machine: Machine, model: ClassId) -> tuple[FunctionId, ops.Expr] | None:
    """In the class body (or a base's), or assigned to a base from outside: `Base.query = Session.query_property()`."""
    declared = machine.program.class_attribute(model, "query")
    if declared is not None:
        registry = registry_of(declared[1])
        return (FunctionId(declared[0].file, 0), registry) if registry is not None else None
    assigned = query_properties(machine)
    for owner in machine.program.model_lineage(model) if assigned else ():
        bases = [machine.program.resolve(FunctionId(owner.file, 0), base) for base in machine.program.class_(owner).bases]
        for symbol in (ClassSymbol(owner), *bases):
            if symbol in assigned:
                return assigned[symbol]
    return None


def query_properties(machine: Machine) -> dict[Symbol | None, tuple[FunctionId, ops.Expr]]:
    """What is assigned to the `query` of some name, by what the name stands for."""
    if machine.query_properties is None:
        machine.query_properties = {}
        for file in sorted(machine.program.files):
            if all(name != "query" for _, name in machine.program.names.summary(file).mentions):
                continue
            for index, facts in enumerate(machine.program.files[file].facts.functions):
                is_mentioned = any(name == "query" for _, name in machine.program.names.mentions(FunctionId(file, index)))
                for item in statements(facts.body) if is_mentioned else ():
                    if isinstance(item, ops.Assign) and (registry := registry_of(item.value)) is not None:
                        _note(machine, machine.query_properties, FunctionId(file, index), item, registry)
    return machine.query_properties


def _note(
    machine: Machine,
    found: dict[Symbol | None, tuple[FunctionId, ops.Expr]],
    function: FunctionId,
    item: ops.Assign,
    registry: ops.Expr,
) -> None:
    for target in item.targets:
        if isinstance(target, ops.Attribute) and target.name == "query":
            symbol = machine.program.resolve(function, target.value)
            if symbol is not None:
                found[symbol] = function, registry
