"""What a FastAPI route is declared to answer with. Entry point: `response_meaning`."""

from __future__ import annotations

from sessionlint.facts import ops
from sessionlint.link.dependencies import route_calls
from sessionlint.link.names.annotations import AnnotationMeaning
from sessionlint.link.names.walk import keyword
from sessionlint.link.program import Program
from sessionlint.link.symbols import FunctionId


def response_meaning(program: Program, function: FunctionId) -> AnnotationMeaning | None:
    """What `response_model=` of a route's decorator, or of the call that adds it, or else its return annotation says; None where nothing
    is validated."""
    places = {point.at.range for point in program.entry_points.get(function, ()) if point.kind == "route" and point.framework == "fastapi"}
    for scope, call in route_calls(program, function):
        return _meaning(program, scope, call, function)
    facts = program.function(function)
    for decorator in facts.decorators:
        if decorator.at not in places or not isinstance(decorator, ops.Call):
            continue
        if isinstance(decorator.func, ops.Attribute) and decorator.func.name.startswith("websocket"):
            continue
        return _meaning(program, program.names.parent(function) or function, decorator, function)
    return None


def _meaning(program: Program, scope: FunctionId, call: ops.Call, function: FunctionId) -> AnnotationMeaning | None:
    given, returns = keyword(call, "response_model"), program.function(function).returns
    if given is None:
        return program.annotation(function, returns) if returns is not None else None
    return None if isinstance(given, ops.Constant) and given.value is None else program.annotation(scope, given)
