"""How much the annotations of a function say of what it may be given. Entry point: `Promises.is_open`."""

from __future__ import annotations

from sessionlint.link import Program
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId


class Promises:
    """What the walk of a function as a root could know of its parameters."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._open: dict[FunctionId, bool] = {}

    def is_open(self, function: FunctionId) -> bool:
        """Whether a parameter's annotation, or that of its object's `__init__`, promises less than may be given: walked as a root, the
        function met less there."""
        if function not in self._open:
            owner = self._program.owner_of(function)
            made = self._program.method(owner, "__init__") if owner is not None else None
            self._open[function] = any(self._says_little(found) for found in {function, made} - {None} if found is not None)
        return self._open[function]

    def _says_little(self, function: FunctionId) -> bool:
        """Whether a parameter has no annotation, or one with a class that others stand in for."""
        own = self._program.function(function).parameters[self._program.owner_of(function) is not None :]
        for parameter in own:
            symbol = self._program.annotation_class(function, parameter.annotation) if parameter.annotation is not None else None
            if parameter.annotation is None or (isinstance(symbol, ClassSymbol) and self._is_stood_in_for(symbol.id)):
                return True
        return False

    def _is_stood_in_for(self, cls: ClassId) -> bool:
        """Whether a class that is no model has subclasses in the program, or is a protocol."""
        if cls in self._program.models:
            return False
        is_protocol = any(isinstance(base, External) and base.name.endswith(".Protocol") for base in self._program.mro(cls))
        return is_protocol or bool(self._program.subclasses(cls))
