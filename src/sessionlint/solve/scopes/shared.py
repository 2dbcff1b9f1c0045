"""Sessions that are made once for the whole program: at module level, in a class body, as a default argument. Entry point:
`find_shared`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sessionlint.facts import mentioned, ops
from sessionlint.facts.walk import statements
from sessionlint.knowledge.frameworks.entrypoints import APPLICATIONS
from sessionlint.link.symbols import ClassSymbol, External, FunctionId, VariableSymbol
from sessionlint.solve.events import SessionShared
from sessionlint.solve.history import EMPTY, Step
from sessionlint.solve.meaning.statics import evaluated
from sessionlint.solve.start.relevance import SETTLING
from sessionlint.solve.state.objects import Object, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Value
from sessionlint.solve.walk.machine import Machine


def find_shared(machine: Machine) -> None:
    """Record every session that all threads and requests of the program would use together."""
    files = [file for file in sorted(machine.program.files) if file not in machine.program.templates]
    files = [file for file in files if machine.program.files[file].facts.functions]  # what does not parse has none
    for file in files:  # first what says where the session is made, then what keeps it
        _in_defaults(machine, file)
    for file in files:
        _in_module(machine, file)
        _in_classes(machine, file)
        _on_applications(machine, file)


def _in_module(machine: Machine, file: str) -> None:
    facts = machine.program.files[file].facts
    module = FunctionId(file, 0)
    body = tuple(_imported(facts.functions[0].body))
    for item in body:
        for name, value in _bound(item):
            if _may_make(machine, value) and _outlives(machine, file, body, name):
                _report(machine, module, f"{name}", value, "a module's variable")


def _imported(body: Sequence[ops.Stmt]) -> Iterator[ops.Stmt]:
    """The statements that run when a module is imported: what stands under `if __name__ == "__main__"` does not."""
    for item in body:
        match item:
            case ops.If(test=ops.Compare(left=ops.Name(id="__name__"))):
                continue
            case ops.If():
                yield from _imported((*item.body, *item.orelse))
            case ops.Try():
                yield from _imported((*item.body, *item.orelse, *item.finalbody))
            case _:
                yield item


def _bound(item: ops.Stmt) -> Iterator[tuple[str, ops.Call]]:
    if isinstance(item, ops.Assign) and isinstance(item.value, ops.Call):
        for target in item.targets:
            if isinstance(target, ops.Name):
                yield target.id, item.value


def _outlives(machine: Machine, file: str, body: Sequence[ops.Stmt], name: str) -> bool:
    """Whether a variable is there for functions: in a script it is used where it stands, and closed there."""
    used = {attribute for item in body for receiver, attribute in mentioned(item) if receiver == name}
    if used & SETTLING - {"rollback"}:
        return False
    program = machine.program
    others = (function for index, function in enumerate(program.files[file].facts.functions) if index)
    if not used or any(("", name) in set(mentioned(function.body)) for function in others):
        return True
    symbol = VariableSymbol(file, name)
    return any(symbol in program.files[other].bindings.values() for other in sorted(program.files) if other != file)


def _in_classes(machine: Machine, file: str) -> None:
    for index, facts in enumerate(machine.program.files[file].facts.classes):
        for item in statements(facts.body):
            for name, value in _bound(item):
                given = _default_of_field(machine, FunctionId(file, 0), value)
                if given is not None and _may_make(machine, given):
                    _report(machine, FunctionId(file, 0), f"{index}.{name}", given, "a class attribute")


def _default_of_field(machine: Machine, module: FunctionId, value: ops.Call) -> ops.Expr | None:
    """What a class body's call gives to every instance: `field(default=…)` its default, `field(default_factory=…)` nothing."""
    if machine.program.resolve(module, value.func) in {External("dataclasses.field"), External("pydantic.Field"), External("attr.ib")}:
        return next((given.value for given in value.keywords if given.name == "default"), None)
    return value


def _in_defaults(machine: Machine, file: str) -> None:
    for index, facts in enumerate(machine.program.files[file].facts.functions):
        for parameter in facts.parameters:
            if isinstance(parameter.default, ops.Call) and _may_make(machine, parameter.default):
                home = FunctionId(file, max(facts.parent, 0))
                _report(machine, home, f"{facts.qualname}({parameter.name}){index}", parameter.default, "a default argument")


def _on_applications(machine: Machine, file: str) -> None:
    """`app.state.db = Session()`, `app.extensions["db"] = Session()`: an application lives as long as its process."""
    for index, facts in enumerate(machine.program.files[file].facts.functions):
        function = FunctionId(file, index)
        if not any(name in _KEEPING for _, name in machine.program.names.mentions(function)):
            continue
        for item in statements(facts.body):
            if not isinstance(item, ops.Assign) or item.value is None or not _may_make(machine, item.value):
                continue
            for owner in (_owner(target) for target in item.targets):
                if owner and _is_application(machine, function, owner):
                    _report(machine, function, f"{owner} {item.at.row}", item.value, "an application")


_KEEPING = frozenset({"state", "extensions", "config"})


def _owner(target: ops.Expr) -> str:
    """The name of what a target keeps its value on, where applications keep what belongs to them."""
    match target:
        case ops.Attribute(value=ops.Attribute(value=ops.Name(id=owner), name="state")):
            return owner
        case ops.Subscript(value=ops.Attribute(value=ops.Name(id=owner), name="extensions" | "config")):
            return owner
        case _:
            return ""


def _is_application(machine: Machine, function: FunctionId, name: str) -> bool:
    places = (function, FunctionId(function.file, 0))
    made = (
        machine.program.resolve(place, item.value.func)
        for place in places
        for item in statements(machine.program.function(place).body)
        if isinstance(item, ops.Assign) and isinstance(item.value, ops.Call)
        for target in item.targets
        if isinstance(target, ops.Name) and target.id == name
    )
    return any(isinstance(symbol, External) and symbol.name in APPLICATIONS for symbol in made)


def _may_make(machine: Machine, value: ops.Expr) -> bool:
    """Whether a call can make a session, as far as the names in it tell."""
    if not isinstance(value, ops.Call):
        return False
    given = (*value.args, *(keyword.value for keyword in value.keywords))
    return machine.relevance.may_open(value) or any(isinstance(part, ops.Call) and machine.relevance.may_open(part) for part in given)


def _report(machine: Machine, home: FunctionId, name: str, value: ops.Expr, how: str) -> None:
    state = PathState()
    found = evaluated(machine, state, home, f"shared {name}", value, None)
    for session in (*_sessions(state, found), *_kept_of_arguments(machine, home, name, value)):
        if session.acquired_at is not None and session.is_open and not session.is_scoped:
            history = EMPTY.then(Step("session", session.acquired_at, "the session is made once, for everybody"))
            machine.recorder.add(SessionShared(session.acquired_at, home, history, how))


def _sessions(state: PathState, value: Value) -> Iterator[Session]:
    thing = state.object(value)
    if isinstance(thing, Session):
        yield thing
    elif isinstance(thing, Object):
        for _, field in thing.fields:
            inner = state.object(field)
            if isinstance(inner, Session):
                yield inner


def _kept_of_arguments(machine: Machine, home: FunctionId, name: str, value: ops.Expr) -> Iterator[Session]:
    """`Service(SessionLocal())`: sessions made for an argument that `__init__` keeps on the object."""
    symbol = machine.program.resolve(home, value.func) if isinstance(value, ops.Call) else None
    made = machine.program.method(symbol.id, "__init__") if isinstance(symbol, ClassSymbol) else None
    if made is None or not isinstance(value, ops.Call):
        return
    own = machine.program.function(made).parameters
    given = {parameter.name: part for parameter, part in zip(own[1:], value.args, strict=False)}
    given |= {keyword.name: keyword.value for keyword in value.keywords if keyword.name is not None}
    for item in statements(machine.program.function(made).body):
        if isinstance(item, ops.Assign) and isinstance(item.value, ops.Name) and item.value.id in given:
            part = given[item.value.id]
            if _may_make(machine, part) and any(isinstance(target, ops.Attribute) for target in item.targets):
                state = PathState()
                yield from _sessions(state, evaluated(machine, state, home, f"shared {name}({item.value.id})", part, None))
