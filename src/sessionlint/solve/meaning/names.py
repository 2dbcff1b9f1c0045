"""What a name stands for as a value. Entry points: `named`, `symbol_value`."""

from __future__ import annotations

from sessionlint.facts import ops
from sessionlint.knowledge.frameworks.stores import STORES
from sessionlint.knowledge.frameworks.users import CURRENT_USER
from sessionlint.link.symbols import ClassSymbol, External, FunctionSymbol, ModuleSymbol, Symbol, VariableSymbol
from sessionlint.solve.meaning.statics import function_value, global_value
from sessionlint.solve.state.objects import State
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import ClassValue, ExternalValue, Key, ModuleValue, Ref, Unknown, Value
from sessionlint.solve.walk.machine import Frame, Machine

USER: Key = ("global", "current_user")
"""The instance that a request's user is, where that is known."""


def named(machine: Machine, frame: Frame, state: PathState, expr: ops.Name) -> Value:
    """The value of a plain name in a function."""
    found = state.get_variable(frame.key, expr.id)
    if found is not None:
        return state.value(found)
    symbols = frame.symbols
    if symbols is None:
        frame.symbols = symbols = machine.symbols.setdefault(frame.function, {})
    if expr.id in symbols:
        symbol = symbols[expr.id]
    else:
        symbols[expr.id] = symbol = machine.program.lookup(frame.function, expr.id)
    if symbol is None and expr.id.startswith("@"):
        return ExternalValue(expr.id[1:])
    if symbol is None:
        return state.value(Unknown((*frame.key, "name", expr.id)))
    return symbol_value(machine, state, symbol)


def symbol_value(machine: Machine, state: PathState, symbol: Symbol) -> Value:
    """The value that a symbol of the program stands for."""
    if type(symbol) is External:
        return external_value(state, symbol.name, machine)
    if type(symbol) is ClassSymbol:
        return ClassValue(symbol.id)
    if type(symbol) is VariableSymbol:
        return global_value(machine, state, symbol)
    if type(symbol) is FunctionSymbol:
        return function_value(machine, state, symbol.id)
    assert isinstance(symbol, ModuleSymbol)
    return ModuleValue(symbol.name)


def external_value(state: PathState, name: str, machine: Machine) -> Value:
    """Something outside the program; the stores that outlive a run are objects, and so is the user of a request that is known."""
    if name == CURRENT_USER and machine.user is not None:
        return state.value(Ref(USER) if USER in state.heap else state.put(USER, machine.user))
    store = STORES.get(name)
    return ExternalValue(name) if store is None else state.put(("global", "store", store), State(store))
