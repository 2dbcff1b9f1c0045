"""What the program's calls hand to a parameter without annotation, where the name of a method alone would make it a session.

Entry point: `is_other`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sessionlint.facts import ops
from sessionlint.knowledge.sqlalchemy.sessions import ASYNC_SESSIONS, SESSIONS
from sessionlint.link import Program
from sessionlint.link.names.walk import argument, nodes
from sessionlint.link.sessions.receivers import Receivers
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, FunctionSymbol
from sessionlint.solve.state.values import Unknown

_PARAMETER = "parameter "


@dataclass(slots=True)
class Handed:
    """The calls of a program by the function that they call, read when they are first asked for.

    `owners` are the methods that were asked about, `asked` takes the names of the functions and classes whose calls were."""

    program: Program
    _calls: dict[FunctionId, list[tuple[FunctionId, ops.Call]]] | None = None
    owners: dict[str, bool] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def is_other(self, value: Unknown, method: str) -> bool:
        """Whether every call that is seen hands an object of the program over which has a method of this name itself."""
        if not self.is_own(method):
            return False
        found = self._parameter(value)
        if found is None:
            return False
        called = self.program.function(found[0])
        owner = self.program.owner_of(found[0])
        self.asked.add(called.name if called.name != "__init__" or owner is None else self.program.class_(owner).name)
        classes = list(self._classes(*found))
        return bool(classes) and all(cls is not None and self._has(cls, method) for cls in classes)

    def is_own(self, method: str) -> bool:
        """Whether any class of the program that is no session has such a method at all."""
        if method not in self.owners:
            self.owners[method] = any(self._has(cls, method) for cls in self.program.hierarchy.classes())
        return self.owners[method]

    def _has(self, cls: ClassId, method: str) -> bool:
        sessions = {External(name) for name in SESSIONS | ASYNC_SESSIONS}
        return self.program.method(cls, method) is not None and not sessions.intersection(self.program.mro(cls))

    def _parameter(self, value: Unknown) -> tuple[FunctionId, str] | None:
        """The function and the name of the parameter that an unknown came in by, itself or as the field that it was put into."""
        match value.key:
            case ("root", str() as file, int() as index, *_, str() as last) if last.startswith(_PARAMETER):
                return FunctionId(file, index), last.removeprefix(_PARAMETER)
            case ("self", str() as file, int() as index, str() as name):
                owner = self.program.owner_of(FunctionId(file, index))
                return self._assigning(owner, name) if owner is not None else None
            case _:
                return None

    def _assigning(self, owner: ClassId, name: str) -> tuple[FunctionId, str] | None:
        init = self.program.method(owner, "__init__")
        if init is None:
            return None
        for item in nodes(*self.program.function(init).body):
            value = item.value if isinstance(item, ops.Assign) else None
            targets = item.targets if isinstance(item, ops.Assign) else ()
            if isinstance(value, ops.Name) and any(isinstance(target, ops.Attribute) and target.name == name for target in targets):
                return init, value.id
        return None

    def _classes(self, function: FunctionId, name: str) -> list[ClassId | None]:
        """The classes of what the calls of a function give to one of its parameters, None for what is not known."""
        program = self.program
        names = [parameter.name for parameter in program.function(function).parameters]
        if name not in names:
            return []
        position = names.index(name) - (program.owner_of(function) is not None)
        receivers = Receivers(program.names, program.hierarchy, program.annotations, program.dotting)
        given = [(caller, argument(call, position, name)) for caller, call in self._found().get(function, ())]
        return [receivers.class_of(caller, expr) for caller, expr in given if expr is not None]

    def _found(self) -> dict[FunctionId, list[tuple[FunctionId, ops.Call]]]:
        if self._calls is None:
            self._calls = {}
            for file in sorted(self.program.files):
                for index, facts in enumerate(self.program.files[file].facts.functions):
                    self._note(FunctionId(file, index), facts.body)
        return self._calls

    def _note(self, caller: FunctionId, body: tuple[ops.Stmt, ...]) -> None:
        for call in nodes(*body):
            if isinstance(call, ops.Call) and self._calls is not None:
                symbol = self.program.resolve(caller, call.func)
                called = self.program.method(symbol.id, "__init__") if isinstance(symbol, ClassSymbol) else None
                called = symbol.id if isinstance(symbol, FunctionSymbol) else called
                if called is not None:
                    self._calls.setdefault(called, []).append((caller, call))
