"""Assignment to a target. Entry points: `assign`, `unbind`."""

from __future__ import annotations

from collections.abc import Sequence

from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.link.names.walk import targets
from sessionlint.link.symbols import External
from sessionlint.solve.orm.ownership import escape
from sessionlint.solve.state.objects import Collection, Object, Variables
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Value
from sessionlint.solve.walk import attributes, subscripts
from sessionlint.solve.walk.machine import Frame, Machine


def assign(machine: Machine, frame: Frame, state: PathState, target: ops.Expr, value: Value) -> list[PathState]:
    """Bind `target` to `value`."""
    match target:
        case ops.Name():
            _bind(machine, frame, state, target.id, value)
            return [state]
        case ops.Attribute():
            done: list[PathState] = []
            for found, owner in machine.evaluate(frame, state, target.value):
                attributes.write(machine, frame, found, owner, target.name, value, target.at)
                done.append(found)
            return done
        case ops.Subscript():
            return [
                after
                for found, (owner, index) in machine.evaluate_all(frame, state, (target.value, target.index))
                for after in subscripts.put_item(machine, frame, found, owner, index, value, target.at)
            ]
        case ops.Display():
            return _unpack(machine, frame, state, target.items, value)
        case ops.Starred():
            return machine.assign(frame, state, target.value, value)
        case _:
            return [state]


def _bind(machine: Machine, frame: Frame, state: PathState, name: str, value: Value) -> None:
    if name in _declared(machine, frame):
        outer = state.variables.get(frame.key)
        scope = outer.outer if outer is not None else None
        while scope is not None:
            found = state.variables.get(scope)
            if found is not None and name in found.names:
                state.set_variable(scope, name, value)
                return
            scope = found.outer if found is not None else None
        escape(state, value)
    state.set_variable(frame.key, name, value)


def _declared(machine: Machine, frame: Frame) -> frozenset[str]:
    """The names that a function declares global or nonlocal."""
    known = machine.declared.get(frame.function)
    if known is None:
        found = [name for item in statements(frame.facts.body) if isinstance(item, ops.Global) for name in item.names]
        machine.declared[frame.function] = known = frozenset(found)
    return known


def _unpack(machine: Machine, frame: Frame, state: PathState, targets: Sequence[ops.Expr], value: Value) -> list[PathState]:
    found = state.object(value)
    exact = found.items if isinstance(found, Collection) and found.kind != "dict" else None
    if isinstance(found, Object) and any(base == External("typing.NamedTuple") for base in machine.program.mro(found.cls)):
        exact = tuple(field for _, field in found.fields)
    has_star = any(isinstance(target, ops.Starred) for target in targets)
    states = [state]
    elements = subscripts.elements_of(machine, frame, state, value)
    for position, target in enumerate(targets):
        if exact is not None and len(exact) == len(targets) and not has_star:
            part = exact[position]
        elif isinstance(target, ops.Starred):
            part = state.put(frame.site(target.at, "rest"), Collection("list", None, (), tuple(elements)))
        elif len(elements) == 1:
            part = elements[0]
        else:
            part = machine.fresh(frame, state, target.at, "unpacked")
        states = [after for before in states for after in machine.assign(frame, before, target, part)]
    return states


def unbind(expr: ops.Comprehension, frame: Frame, states: Sequence[PathState], around: Variables | None) -> None:
    """What a comprehension binds is its own: its names mean afterwards what they meant `around` it, and hold nothing."""
    names = {target.id for clause in expr.clauses for target in targets(clause.target) if isinstance(target, ops.Name)}
    before = around or Variables()
    for state in states:
        if found := state.variables.get(frame.key):
            values = {name: value for name, value in found.names.items() if name not in names}
            quiet = {name: made_at for name, made_at in found.quiet.items() if name not in names}
            values |= {name: value for name, value in before.names.items() if name in names}
            quiet |= {name: made_at for name, made_at in before.quiet.items() if name in names}
            state.variables[frame.key] = Variables(values, found.outer, quiet)
