"""What a name or an annotation stands for as a value. Entry points: `named`, `symbol_value`, `annotated`, `decorated`."""

from __future__ import annotations

from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.knowledge.caches import CACHE_OBJECTS
from sessionlint.knowledge.frameworks.injection import INJECTED_CLASSES
from sessionlint.knowledge.frameworks.stores import STORES
from sessionlint.knowledge.frameworks.users import CURRENT_USER
from sessionlint.knowledge.sqlalchemy.sessions import ASYNC_FACTORIES, ASYNC_SESSIONS, CONNECTIONS, FACTORIES, SCOPED, SESSIONS
from sessionlint.knowledge.threads import MADE
from sessionlint.knowledge.waits import CLIENTS
from sessionlint.link import AnnotationMeaning
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, FunctionSymbol, ModuleSymbol, Symbol, VariableSymbol
from sessionlint.solve.events import StateRead
from sessionlint.solve.history import EMPTY, Step
from sessionlint.solve.state.objects import (
    Arguments,
    Collection,
    Connection,
    Factory,
    Foreign,
    HeapObject,
    Instance,
    Object,
    Session,
    State,
    Variables,
)
from sessionlint.solve.state.reach import reachable
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import (
    ClassValue,
    Const,
    ExternalValue,
    FunctionValue,
    Key,
    ModuleValue,
    Ref,
    Unknown,
    Value,
)
from sessionlint.solve.walk.machine import Frame, Machine
from sessionlint.source import Location

USER: Key = ("global", "current_user")
"""The instance that a request's user is, where that is known."""

CONTEXT_MANAGERS = {"contextlib.contextmanager", "contextlib.asynccontextmanager"}


def named(machine: Machine, frame: Frame, state: PathState, expr: ops.Name) -> Value:
    """The value of a plain name in a function."""
    found = state.get_variable(frame.key, expr.id)
    if found is not None:
        return state.value(found)
    symbol = machine.program.lookup(frame.function, expr.id)
    if symbol is None and expr.id.startswith("@"):
        return ExternalValue(expr.id[1:])
    if symbol is None:
        return state.value(Unknown((*frame.key, "name", expr.id)))
    return symbol_value(machine, state, symbol)


def symbol_value(machine: Machine, state: PathState, symbol: Symbol) -> Value:
    """The value that a symbol of the program stands for."""
    match symbol:
        case ModuleSymbol():
            return ModuleValue(symbol.name)
        case ClassSymbol():
            return ClassValue(symbol.id)
        case External():
            return external_value(state, symbol.name, machine)
        case FunctionSymbol():
            value = machine.globals.get((symbol.id.file, f"#{symbol.id.index}"))
            if value is None:
                machine.globals[symbol.id.file, f"#{symbol.id.index}"] = plain = FunctionValue(symbol.id)
                value = _in_static(machine, symbol.id, lambda frame, static: decorated(machine, frame, static, plain))
                machine.globals[symbol.id.file, f"#{symbol.id.index}"] = value
            return brought(machine, state, value)
        case VariableSymbol():
            return brought(machine, state, _global(machine, symbol))


def external_value(state: PathState, name: str, machine: Machine) -> Value:
    """Something outside the program; the stores that outlive a run are objects, and so is the user of a request that is known."""
    if name == CURRENT_USER and USER in machine.static.heap:
        return brought(machine, state, Ref(USER))
    store = STORES.get(name)
    return ExternalValue(name) if store is None else state.put(("global", "store", store), State(store))


def _global(machine: Machine, symbol: VariableSymbol) -> Value:
    key = (symbol.file, symbol.name)
    if key in machine.globals:
        return machine.globals[key]
    machine.globals[key] = Unknown(("global", *key))
    for function, value, annotation in machine.program.assignments(symbol):
        if isinstance(value, ops.Constant) and value.value is None:
            continue
        found = evaluated(machine, function, symbol.name, value, annotation)
        if value is None and annotation is None:
            found = _unpacked(machine, function, symbol.name)
        machine.globals[key] = Unknown(("global", *key)) if isinstance(found, Const) and _is_rebound(machine, symbol) else found
        if not isinstance(found, Unknown):
            break
    return machine.globals[key]


def _is_rebound(machine: Machine, symbol: VariableSymbol) -> bool:
    """Which of its values a variable has when a function runs is not for one walk to say."""
    return len(machine.program.assignments(symbol)) > 1


def _unpacked(machine: Machine, function: FunctionId, name: str) -> Value:
    """`factory, engine = make()`: one part of what a global tuple was assigned."""
    for item in statements(machine.program.function(function).body):
        if not isinstance(item, ops.Assign) or item.value is None:
            continue
        for target in item.targets:
            names = [part.id if isinstance(part, ops.Name) else "" for part in target.items] if isinstance(target, ops.Display) else []
            if name in names:
                whole = machine.static.object(evaluated(machine, function, ",".join(names), item.value, None))
                if isinstance(whole, Collection) and whole.items is not None and len(whole.items) == len(names):
                    return machine.static.value(whole.items[names.index(name)])
    return Unknown(("global", function.file, name))


def evaluated(machine: Machine, function: FunctionId, name: str, value: ops.Expr | None, annotation: ops.Expr | None) -> Value:
    """The value of an expression that belongs to the program as a whole (a global, a class attribute), once for all paths."""
    known = machine.globals.get((function.file, f"={name}"))
    if known is not None:
        return known
    machine.globals[function.file, f"={name}"] = Unknown(("global", function.file, name))

    def evaluate(frame: Frame, static: PathState) -> Value:
        frame.key = ("global", function.file, name)
        found: Value = Unknown((*frame.key, "value"))
        if frame.key not in machine.static.variables:
            machine.static.variables[frame.key] = Variables()
        if value is not None:
            results = machine.evaluate(frame, static, value)
            if results:
                machine.static, found = results[0]
        if annotation is not None and isinstance(machine.static.value(found), Unknown):
            found = annotated(machine, frame, machine.static, found, annotation)
        return machine.static.value(found)

    machine.globals[function.file, f"={name}"] = found = _in_static(machine, function, evaluate)
    return found


def _in_static(machine: Machine, function: FunctionId, work: object) -> Value:
    """Run `work` in a frame of `function` that belongs to no path: nothing is recorded, nothing can be thrown."""
    frame = Frame(function, machine.program.function(function), ("global", function.file, f"#{function.index}"), 0)
    saved = machine.recorder.is_silent, machine.steps, machine.live
    machine.recorder.is_silent, machine.live = True, [frame.key]
    try:
        return work(frame, machine.static)  # type: ignore[operator,no-any-return]
    finally:
        machine.recorder.is_silent, machine.steps, machine.live = saved
        for key, session in machine.static.sessions():
            if session.owner is not None:
                machine.static.heap[key] = Session(session.is_async, session.acquired_at, None, session.expires, session.is_open)


def brought(machine: Machine, state: PathState, value: Value) -> Value:
    """A global value, with the objects behind it made present in `state`."""
    if state is not machine.static and isinstance(value, Ref | FunctionValue):
        objects, scopes = reachable(machine.static, [value])
        for key in objects - state.heap.keys():
            if key in machine.static.heap:
                state.heap[key] = machine.static.heap[key]
        for env in scopes - state.variables.keys():
            if env in machine.static.variables:
                state.variables[env] = machine.static.variables[env]
    return state.value(value)


def decorated(machine: Machine, frame: Frame, state: PathState, value: FunctionValue) -> Value:
    """A function with those of its decorators applied that are functions of the program."""
    found: Value = value
    for decorator in reversed(machine.program.function(value.id).decorators):
        target = decorator.func if isinstance(decorator, ops.Call) else decorator
        symbol = machine.program.resolve(value.id, target)
        if not isinstance(symbol, FunctionSymbol) or not _has_inner(machine, symbol.id):
            continue
        for after, applied in machine.evaluate(frame, state, decorator)[:1]:
            results = machine.call(frame, after, applied, Arguments((found,)), decorator.at)
            if results and isinstance(results[0][1], FunctionValue):
                found = results[0][1]
                for key, thing in results[0][0].heap.items():
                    state.heap[key] = thing
                for env, scope in results[0][0].variables.items():
                    state.variables[env] = scope
    return found


def _has_inner(machine: Machine, function: FunctionId) -> bool:
    functions = machine.program.files[function.file].facts.functions
    return any(facts.parent == function.index for facts in functions)


def is_context_manager(machine: Machine, function: FunctionId) -> bool:
    """Whether a generator function is under `@contextmanager` or `@asynccontextmanager`."""
    for decorator in machine.program.function(function).decorators:
        symbol = machine.program.resolve(function, decorator)
        if isinstance(symbol, External) and symbol.name in CONTEXT_MANAGERS:
            return True
    return False


def annotated(machine: Machine, frame: Frame, state: PathState, value: Value, annotation: ops.Expr) -> Value:
    """An unknown value, seen through an annotation: what it must be becomes an object that all its aliases share."""
    if not isinstance(value, Unknown):
        return value
    meaning = machine.program.annotation(frame.function, annotation)
    if isinstance(meaning.symbol, External) and meaning.symbol.name in INJECTED_CLASSES:
        return ExternalValue(meaning.symbol.name)
    found = _meant(machine, state, meaning, ("object", *value.key))
    if found is None:
        return value
    if isinstance(found, Session) and value.key in machine.taken:
        record_taken(machine, machine.taken[value.key])
    return state.put(("object", *value.key), found)


def record_taken(machine: Machine, taken: tuple[State, str, Location, FunctionId]) -> None:
    """Something taken out of a store has turned out to be a session."""
    store, key, at, function = taken
    history = EMPTY.then(Step("read", at, f"the session is taken out of `{store.store}`"))
    machine.recorder.add(StateRead(at, function, history, "session", store.store, key))


def _meant(machine: Machine, state: PathState, meaning: AnnotationMeaning, key: Key) -> HeapObject | None:
    if meaning.container == "type":
        return _maker(machine, meaning.element)
    if meaning.container == "callable":
        # what it gives is made, or found, when it is called: nobody has it yet
        return None
    if meaning.container and meaning.element is not None:
        inner = (*key, "element")
        element = _meant(machine, state, meaning.element, inner)
        return None if element is None else Collection(meaning.container, None, (), (state.put(inner, element),))
    if isinstance(meaning.symbol, External):
        return external_object(machine, meaning.symbol.name, meaning.is_optional)
    if isinstance(meaning.symbol, ClassSymbol) and not meaning.container:
        return class_object(machine, meaning.symbol.id, meaning.is_optional)
    return None


def _maker(machine: Machine, meaning: AnnotationMeaning | None) -> HeapObject | None:
    """`type[Session]`: whatever is given there makes a session of its own each time it is called."""
    name = meaning.symbol.name if meaning is not None and isinstance(meaning.symbol, External) else ""
    return Factory(name in ASYNC_SESSIONS, machine.program.default_expiry) if name in SESSIONS | ASYNC_SESSIONS else None


def external_object(machine: Machine, name: str, is_nullable: bool) -> HeapObject | None:
    """What an annotation with a class of SQLAlchemy promises."""
    if name in SESSIONS | ASYNC_SESSIONS | SCOPED:
        expires = machine.program.default_expiry
        return Session(name in ASYNC_SESSIONS, None, None, expires, is_scoped=name in SCOPED, is_nullable=is_nullable)
    if name in CONNECTIONS:
        return Connection()
    if name in FACTORIES | ASYNC_FACTORIES:
        return Factory(name in ASYNC_FACTORIES, machine.program.default_expiry)
    return Foreign(MADE.get(name, name)) if name in MADE or name in CACHE_OBJECTS or name in CLIENTS else None


def class_object(machine: Machine, cls: ClassId, is_nullable: bool = False) -> HeapObject:
    """What an annotation with a class of the program promises."""
    model = machine.program.models.get(cls)
    if model is not None and model.is_mapped:
        return Instance(cls, None, is_opaque=True, is_nullable=is_nullable)
    for base in machine.program.mro(cls):
        if isinstance(base, External) and base.name in SESSIONS | ASYNC_SESSIONS:
            return Session(base.name in ASYNC_SESSIONS, None, None, machine.program.default_expiry, is_nullable=is_nullable)
    return Object(cls, (), True, is_nullable)
