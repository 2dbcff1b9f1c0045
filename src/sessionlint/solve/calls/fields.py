"""Fields of objects that were not set on a path: what the class body and the methods that assign them say. Entry points: `field`,
`assigned_fields`."""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.link.symbols import ClassId, External, FunctionId
from sessionlint.solve.calls.activation import bind
from sessionlint.solve.limits import MAX_DEPTH
from sessionlint.solve.meaning.annotations import annotated
from sessionlint.solve.meaning.statics import evaluated
from sessionlint.solve.state.objects import Arguments, Object, Session, Variables
from sessionlint.solve.state.reach import reachable
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Ref, Unknown, Value
from sessionlint.solve.walk.machine import Frame, Machine


def field(machine: Machine, frame: Frame, state: PathState, ref: Ref, found: Object, name: str) -> Value:
    """A field that was not set on this path: what the class body or a method's `self.name = …` says of it."""
    unknown = Unknown((*ref.key, name))
    declared = machine.program.class_attribute(found.cls, name)
    if declared is not None:
        owner, expr, annotation = declared
        module = FunctionId(owner.file, 0)
        if expr is not None and not (isinstance(expr, ops.Constant) and expr.value is None) and not _is_own(machine, module, expr):
            value = evaluated(machine, state, module, f"{owner.index}.{name}", expr, annotation)
            if not isinstance(value, Unknown):
                return value
        if annotation is not None:
            holder = Frame(module, machine.program.function(module), frame.key, 0)
            return annotated(machine, holder, state, unknown, annotation)
    for method, value_expr, annotation in assigned_fields(machine, found.cls, name):
        holder = Frame(method, machine.program.function(method), (*ref.key, "init"), 0)
        if annotation is not None:
            value = annotated(machine, holder, state, unknown, annotation)
        else:
            value = _assigned(machine, frame, state, holder, value_expr, ref, name)
        if not isinstance(state.value(value), Unknown):
            return value
    return state.value(unknown)


def _is_own(machine: Machine, module: FunctionId, expr: ops.Expr) -> bool:
    """`field(default_factory=…)`: each instance has its own."""
    symbol = machine.program.resolve(module, expr.func) if isinstance(expr, ops.Call) else None
    return isinstance(symbol, External) and symbol.name in {"dataclasses.field", "pydantic.Field", "attr.ib", "attrs.field"}


def _assigned(machine: Machine, frame: Frame, state: PathState, holder: Frame, expr: ops.Expr, ref: Ref, name: str) -> Value:
    unknown = Unknown((*ref.key, name))
    choices = _choices(expr)
    if len(choices) > 1:
        values = (_assigned(machine, frame, state, holder, choice, ref, name) for choice in choices)
        return next((value for value in values if not isinstance(state.value(value), Unknown)), unknown)
    if isinstance(expr, ops.Name):
        for parameter in holder.facts.parameters:
            if parameter.name == expr.id:
                if parameter.annotation is not None:
                    return annotated(machine, holder, state, unknown, parameter.annotation)
                if parameter.default is None or isinstance(parameter.default, ops.Constant):
                    return unknown
                return evaluated(machine, state, holder.function, f"{holder.facts.qualname}({expr.id})", parameter.default, None)
    if isinstance(expr, ops.Constant):
        return unknown
    if isinstance(expr, ops.Call) and _names_in(expr) & {parameter.name for parameter in holder.facts.parameters}:
        return _composed(machine, frame, state, holder, expr, ref)
    return evaluated(machine, state, holder.function, f"{holder.facts.qualname}.{name}", expr, None)


def _choices(expr: ops.Expr) -> tuple[ops.Expr, ...]:
    """`store or Store()`, `Store() if store is None else store`: what was given, where that is known, or else the default."""
    if isinstance(expr, ops.BoolOp) and expr.operator == "or":
        return expr.values
    if isinstance(expr, ops.Conditional):
        return tuple(sorted((expr.body, expr.orelse), key=lambda part: not isinstance(part, ops.Name)))
    return (expr,)


def _names_in(call: ops.Call) -> set[str]:
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return {value.id for value in values if isinstance(value, ops.Name)}


def _composed(machine: Machine, frame: Frame, state: PathState, holder: Frame, call: ops.Call, ref: Ref) -> Value:
    """`self.orders = OrderRepository(session)`: made of what the method was given, which other fields hold too."""
    found = state.heap.get(ref.key)
    inner = Frame(holder.function, holder.facts, holder.key, frame.depth + 1, frame)
    unknown = Unknown((*holder.key, "made", call.at.row, call.at.column))
    if not isinstance(found, Object) or frame.depth > MAX_DEPTH // 2:
        return unknown
    after = state.copy()
    after.variables[inner.key] = Variables()
    bind(machine, inner, after, holder.facts, Arguments(is_open=True), ref)
    for name in _names_in(call):
        field = _holding(machine, holder.function, name)
        if field:
            for _, value in machine.read(inner, after, ref, field, call.at, call.at)[:1]:
                after.set_variable(inner.key, name, value)
    was_silent, machine.recorder.is_silent = machine.recorder.is_silent, True
    machine.live.append(inner.key)
    try:
        results = machine.evaluate(inner, after, call)
    finally:
        machine.recorder.is_silent = was_silent
        machine.live.pop()
    for done, value in results[:1]:
        objects, _ = reachable(done, [value])
        for key, thing in done.heap.items():  # in the order in which they were made, which a set does not keep
            if key in objects and key not in state.heap:
                state.heap[key] = replace(thing, owner=None) if isinstance(thing, Session) else thing
        return value
    return unknown


def _holding(machine: Machine, method: FunctionId, parameter: str) -> str:
    """The field that a method assigns one of its parameters to."""
    first = machine.program.function(method).parameters[0].name
    for item in statements(machine.program.function(method).body):
        if isinstance(item, ops.Assign) and isinstance(item.value, ops.Name) and item.value.id == parameter:
            for target in item.targets:
                if isinstance(target, ops.Attribute) and isinstance(target.value, ops.Name) and target.value.id == first:
                    return target.name
    return ""


def assigned_fields(machine: Machine, cls: ClassId, name: str) -> list[tuple[FunctionId, ops.Expr, ops.Expr | None]]:
    """Where methods of a class (or of its bases) assign `self.name`: `__init__` first."""
    return machine.kept(machine.assigned, (cls, name), lambda: _assignments(machine, cls, name))


def _assignments(machine: Machine, cls: ClassId, name: str) -> list[tuple[FunctionId, ops.Expr, ops.Expr | None]]:
    done: list[tuple[FunctionId, ops.Expr, ops.Expr | None]] = []
    for owner in machine.program.model_lineage(cls):
        methods = machine.program.class_(owner).methods
        for method, index in sorted(methods.items(), key=lambda pair: (pair[0] != "__init__", pair[1])):
            del method
            function = FunctionId(owner.file, index)
            facts = machine.program.function(function)
            first = facts.parameters[0].name if facts.parameters else ""
            for item in statements(facts.body):
                if isinstance(item, ops.Assign) and item.value is not None:
                    for target in item.targets:
                        match target:
                            case ops.Attribute(value=ops.Name(id=owner_name)) if owner_name == first and target.name == name:
                                done.append((function, item.value, item.annotation))
                            case _:
                                pass
    return done
