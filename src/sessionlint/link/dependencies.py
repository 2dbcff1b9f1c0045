"""What FastAPI puts into the parameters of a function: `Depends(get_session)` as a default or in an `Annotated`, also through aliases.

Entry points: `injections`, `injections_of_class`, `route_dependencies`, `route_calls`, `imports_fastapi`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.facts import Parameter, ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.frameworks.injection import DEPENDS
from sessionlint.link.names.annotations import AnnotationMeaning
from sessionlint.link.names.walk import argument, keyword
from sessionlint.link.program import Program
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, VariableSymbol
from sessionlint.source import Range


@dataclass(frozen=True, slots=True)
class Injection:
    """One parameter that a framework fills (`name` empty: one that is only run, `dependencies=[…]`).

    `dependency` is the expression that is called, written in `scope`; None for `Depends()`, which calls the annotated class `cls`. `at` is
    where the function asks for it; `is_cached` says that the request's other users of the same dependency get the same value.
    """

    name: str
    scope: FunctionId
    dependency: Expr | None
    cls: ClassId | None
    at: Range
    is_cached: bool


def imports_fastapi(program: Program, file: str) -> bool:
    """Whether a file imports anything of FastAPI; without one that does, nothing is injected."""
    bindings = program.names.bindings(FunctionId(file, 0)).names.values() if program.files[file].facts.functions else ()
    return any(getattr(binding, "module", "").partition(".")[0] == "fastapi" for binding in bindings)


def injections(program: Program, function: FunctionId) -> tuple[Injection, ...]:
    """The injected parameters of a function, in order."""
    found = (_of_parameter(program, function, parameter) for parameter in program.function(function).parameters)
    return tuple(injection for injection in found if injection is not None)


def injections_of_class(program: Program, cls: ClassId) -> tuple[Injection, ...]:
    """The injected parameters of a class's constructor, its own or the one that a dataclass generates from its fields."""
    init = program.method(cls, "__init__")
    if init is not None:
        return injections(program, init)
    found: dict[str, Injection] = {}
    for owner in reversed(program.model_lineage(cls)):
        for name, assigned in program.names.class_table(owner).assigned.items():
            if assigned.annotation is not None:
                meaning = program.annotation_in_class(owner, assigned.annotation)
                scope = program.names.class_parent(owner)
                injection = _made(program, name, scope, assigned.value, meaning, assigned.annotation.at)
                if injection is not None:
                    found[name] = injection
    return tuple(found.values())


def route_dependencies(program: Program, function: FunctionId) -> tuple[Injection, ...]:
    """What is run besides for a route: `dependencies=[Depends(audited)]` of its decorator or of the call that adds it, and before that what
    its router asks for, and the application that includes the router."""
    scope = _around(program, function)
    found: list[Injection] = []
    for decorator in program.function(function).decorators:
        if isinstance(decorator, ops.Call) and isinstance(decorator.func, ops.Attribute):
            found += _of_router(program, scope, decorator.func.value)
            found += _listed(program, scope, decorator)
    for scope, call in route_calls(program, function):
        if isinstance(call.func, ops.Attribute):
            found += _of_router(program, scope, call.func.value)
        found += _listed(program, scope, call)
    return tuple(dict.fromkeys(found))


def route_calls(program: Program, function: FunctionId) -> list[tuple[FunctionId, ops.Call]]:
    """The calls that make a route of a function: `router.add_api_route("/", read, response_model=UserOut)`."""
    places = {point.at for point in program.entry_points.get(function, ()) if point.kind == "route" and point.framework == "fastapi"}
    return [(scope, call) for scope, call in program.route_calls if program.location(scope.file, call.at) in places]


def _listed(program: Program, scope: FunctionId, call: ops.Call) -> list[Injection]:
    given = keyword(call, "dependencies")
    items = given.items if isinstance(given, ops.Display) else ()
    return [
        _called(program, "", scope, item, None, item.at)
        for item in items
        if isinstance(item, ops.Call) and _is_depends(program, scope, item)
    ]


def _of_router(program: Program, scope: FunctionId, router: Expr, depth: int = 0) -> list[Injection]:
    """What every route of a router, or of an application, runs: given where it is made, and where it is included in another."""
    symbol = program.resolve(scope, router)
    if not isinstance(symbol, VariableSymbol) or depth > _NESTED_ROUTERS:
        return []
    found: list[Injection] = []
    for around, call in program.route_calls:
        is_inclusion = isinstance(call.func, ops.Attribute) and call.func.name == "include_router"
        included = argument(call, 0, "router") if is_inclusion else None
        if included is not None and isinstance(call.func, ops.Attribute) and program.resolve(around, included) == symbol:
            found += _of_router(program, around, call.func.value, depth + 1) + _listed(program, around, call)
    for around, value, _ in program.assignments(symbol):
        if isinstance(value, ops.Call):
            found += _listed(program, around, value)
    return found


_NESTED_ROUTERS = 3


def _of_parameter(program: Program, function: FunctionId, parameter: Parameter) -> Injection | None:
    shown = parameter.annotation or parameter.default
    if shown is None:
        return None
    meaning = program.annotation(function, parameter.annotation)
    return _made(program, parameter.name, _around(program, function), parameter.default, meaning, shown.at)


def _made(program: Program, name: str, scope: FunctionId, default: Expr | None, meaning: AnnotationMeaning, at: Range) -> Injection | None:
    cls = meaning.symbol.id if isinstance(meaning.symbol, ClassSymbol) else None
    if isinstance(default, ops.Call) and _is_depends(program, scope, default):
        return _called(program, name, scope, default, cls, at)
    for extra, written in zip(reversed(meaning.metadata), reversed(meaning.scopes), strict=True):
        around = _around(program, written)
        if isinstance(extra, ops.Call) and _is_depends(program, around, extra):
            return _called(program, name, around, extra, cls, at)
    return None


def _called(program: Program, name: str, scope: FunctionId, call: ops.Call, cls: ClassId | None, at: Range) -> Injection:
    use_cache = keyword(call, "use_cache")
    is_cached = not (isinstance(use_cache, ops.Constant) and use_cache.value is False)
    return Injection(name, scope, argument(call, 0, "dependency"), cls, at, is_cached)


def _around(program: Program, function: FunctionId) -> FunctionId:
    """Where a signature is evaluated: around the function, so that its parameters' names mean nothing yet."""
    return program.names.parent(function) or FunctionId(function.file, 0)


def _is_depends(program: Program, scope: FunctionId, call: ops.Call) -> bool:
    symbol = program.resolve(scope, call.func)
    return isinstance(symbol, External) and symbol.name in DEPENDS
