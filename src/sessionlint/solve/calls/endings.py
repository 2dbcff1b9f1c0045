"""Functions of the program that never return: `def fail(message): raise …`. Entry point: `never_returns`."""

from __future__ import annotations

from collections.abc import Sequence

from sessionlint.facts import FunctionFacts, mentioned, ops
from sessionlint.facts.walk import statements
from sessionlint.knowledge.endings import ABORTS, EXITS
from sessionlint.link.symbols import External, FunctionId, FunctionSymbol
from sessionlint.solve.walk.machine import Machine

_NEVER = frozenset({"typing.NoReturn", "typing.Never", "typing_extensions.NoReturn", "typing_extensions.Never"})


def never_returns(machine: Machine, function: FunctionId) -> bool:
    """Whether every call of a function raises or ends the process, as its annotation or its last statements say."""
    return machine.kept(machine.endless, function, lambda: _never(machine, function, frozenset()))


def _never(machine: Machine, function: FunctionId, above: frozenset[FunctionId]) -> bool:
    if function in above:  # a recursion
        return False
    facts = machine.program.function(function)
    found = _is_declared(machine, function) or _raises(machine, function, facts, above | {function})
    return found and not _is_replaced(machine, function, facts.name)


def _is_replaced(machine: Machine, function: FunctionId, name: str) -> bool:
    """Whether a subclass has a method of its own in its place."""
    owner = machine.program.owner_of(function)
    return owner is not None and any(machine.program.method(cls, name) != function for cls in machine.program.subclasses(owner))


def _is_declared(machine: Machine, function: FunctionId) -> bool:
    """`-> NoReturn`."""
    facts = machine.program.function(function)
    symbol = machine.program.resolve(function, facts.returns) if isinstance(facts.returns, ops.Name | ops.Attribute) else None
    return isinstance(symbol, External) and symbol.name in _NEVER


def _raises(machine: Machine, function: FunctionId, facts: FunctionFacts, above: frozenset[FunctionId]) -> bool:
    if facts.is_generator or not facts.body or any(isinstance(item, ops.Return) for item in statements(facts.body)):
        return False
    return _ends(machine, function, facts.body, above)


def _ends(machine: Machine, function: FunctionId, body: Sequence[ops.Stmt], above: frozenset[FunctionId]) -> bool:
    """Whether a body cannot be left at its end."""
    match body[-1] if body else None:
        case ops.Raise() as item:
            # what subclasses have to provide is not what is called
            return item.error is None or all(name != "NotImplementedError" for _, name in mentioned(item))
        case ops.If(body=inner, orelse=orelse):
            return _ends(machine, function, inner, above) and _ends(machine, function, orelse, above)
        case ops.With(body=inner, items=items):
            return not any(isinstance(item.context, ops.Call) for item in items) and _ends(machine, function, inner, above)
        case ops.Evaluate(value=ops.Call(func=called)):
            symbol = machine.program.resolve(function, called)
            if isinstance(symbol, External):
                return symbol.name in ABORTS or symbol.name in EXITS
            return isinstance(symbol, FunctionSymbol) and _never(machine, symbol.id, above)
        case _:
            return False
