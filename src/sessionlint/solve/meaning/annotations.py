"""What an annotation or a decorator promises of a value. Entry points: `annotated`, `decorated`."""

from __future__ import annotations

from sessionlint.facts import ops
from sessionlint.knowledge.caches import CACHE_OBJECTS
from sessionlint.knowledge.frameworks.injection import INJECTED_CLASSES
from sessionlint.knowledge.sqlalchemy.sessions import ASYNC_FACTORIES, ASYNC_SESSIONS, CONNECTIONS, FACTORIES, SCOPED, SESSIONS
from sessionlint.knowledge.threads import MADE
from sessionlint.knowledge.waits import CLIENTS
from sessionlint.link import AnnotationMeaning
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, FunctionSymbol
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
)
from sessionlint.solve.state.recorder import Taken
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import (
    ExternalValue,
    FunctionValue,
    Key,
    Unknown,
    Value,
)
from sessionlint.solve.walk.machine import Frame, Machine

CONTEXT_MANAGERS = {"contextlib.contextmanager", "contextlib.asynccontextmanager"}


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


def record_taken(machine: Machine, taken: Taken) -> None:
    """Something taken out of a store has turned out to be a session."""
    store, key, at, function = taken
    history = EMPTY.then(Step("read", at, f"the session is taken out of `{store}`"))
    machine.recorder.add(StateRead(at, function, history, "session", store, key))


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
