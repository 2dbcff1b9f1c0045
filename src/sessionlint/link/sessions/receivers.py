"""Which class an expression is an instance of, and so which function a method call calls, without running anything. Entry
point: `Receivers`."""

from __future__ import annotations

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.link.dotted import Dotting
from sessionlint.link.names.annotations import Annotations
from sessionlint.link.names.hierarchy import Hierarchy
from sessionlint.link.names.lookup import Names
from sessionlint.link.symbols import ClassId, ClassSymbol, FunctionId, FunctionSymbol, Symbol, VariableSymbol

_DEPTH = 4


class Receivers:
    """Reads annotations, constructor calls and single assignments; what is not plain from those is unknown."""

    def __init__(self, names: Names, hierarchy: Hierarchy, annotations: Annotations, dotting: Dotting) -> None:
        self.names, self.hierarchy, self.annotations, self.dotting = names, hierarchy, annotations, dotting

    def values_of(self, function: FunctionId, expression: Expr | None) -> list[tuple[FunctionId, Expr]]:
        """What is assigned to a local variable, a module's variable or an attribute of `self`, each with the function it is done in."""
        if isinstance(expression, ops.Attribute) and isinstance(expression.value, ops.Name) and expression.value.id == "self":
            found = self.dotting.self_attribute(function, expression.name)
            return [found] if found is not None else []
        if not isinstance(expression, ops.Name):
            symbol = self.names.resolve(function, expression) if expression is not None else None
            return self._assigned(symbol) if isinstance(symbol, VariableSymbol) else []
        here: FunctionId | None = function
        while here is not None and here.index != 0:
            assigned = self.names.bindings(here).assigned.get(expression.id, [])
            if assigned:
                return [(here, item.value) for item in assigned if item.value is not None]
            here = self.names.parent(here)
        symbol = self.names.resolve(function, expression)
        return self._assigned(symbol) if isinstance(symbol, VariableSymbol) else []

    def _assigned(self, variable: VariableSymbol) -> list[tuple[FunctionId, Expr]]:
        return [(place, item.value) for place, item in self.names.assignments(variable) if item.value is not None]

    def class_of(self, function: FunctionId, expression: Expr, depth: int = 0) -> ClassId | None:
        """The program's class of which the expression is an instance."""
        symbol = self.type_of(function, expression, depth)
        return symbol.id if isinstance(symbol, ClassSymbol) else None

    def type_of(self, function: FunctionId, expression: Expr, depth: int = 0) -> Symbol | None:
        """The class, of the program or external, of which the expression is an instance."""
        if depth > _DEPTH:
            return None
        if isinstance(expression, ops.Call):
            symbol = self.names.resolve(function, expression.func)
            return symbol if not isinstance(symbol, FunctionSymbol) else self._returned(symbol.id)
        if isinstance(expression, ops.Name):
            if expression.id == "self" and (owner := self.dotting.owner_class(function)) is not None:
                return ClassSymbol(owner)
            parameter = self._parameter_type(function, expression.id)
            if parameter is not None:
                return parameter
        values = [(place, value) for place, value in self.values_of(function, expression) if not is_none(value)]
        found = {self.type_of(place, value, depth + 1) for place, value in values}
        return found.pop() if len(found) == 1 else None

    def _returned(self, function: FunctionId) -> Symbol | None:
        return self.annotations.meaning(function, self.names.function(function).returns).symbol

    def _parameter_type(self, function: FunctionId, name: str) -> Symbol | None:
        here: FunctionId | None = function
        while here is not None:
            for parameter in self.names.function(here).parameters:
                if parameter.name == name:
                    return self.annotations.meaning(here, parameter.annotation).symbol
            here = self.names.parent(here)
        return None

    def callee(self, function: FunctionId, func: Expr) -> FunctionId | None:
        """The function of the program that a call of `func` runs: a function, or a method of a receiver whose class is known."""
        symbol = self.names.resolve(function, func)
        if isinstance(symbol, FunctionSymbol):
            return symbol.id
        if isinstance(func, ops.Attribute):
            owner = self.class_of(function, func.value)
            return self.hierarchy.method(owner, func.name) if owner is not None else None
        return None


def is_none(value: Expr) -> bool:
    """Whether an expression is the constant None."""
    return isinstance(value, ops.Constant) and value.value is None
