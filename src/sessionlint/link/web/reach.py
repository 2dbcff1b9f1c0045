"""Which functions a function calls, as far as names tell, and which files a file imports. Entry point: `Reach`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from sessionlint.facts import ops
from sessionlint.link.names.tables import Imported
from sessionlint.link.names.walk import nodes
from sessionlint.link.sessions.receivers import Receivers
from sessionlint.link.symbols import ClassSymbol, FunctionId, FunctionSymbol


class Reach:
    """Answers are made when they are first asked for, and kept."""

    def __init__(self, receivers: Receivers) -> None:
        self.receivers = receivers
        self.names = receivers.names
        self._callees: dict[FunctionId, tuple[FunctionId, ...]] = {}

    def callees(self, function: FunctionId) -> tuple[FunctionId, ...]:
        """The functions that a call in `function` runs."""
        if function not in self._callees:
            self._callees[function] = tuple(dict.fromkeys(self._called(function)))
        return self._callees[function]

    def _called(self, function: FunctionId) -> Iterator[FunctionId]:
        for node in nodes(*self.names.function(function).body):
            if isinstance(node, ops.Lambda):
                yield FunctionId(function.file, node.function)
            if not isinstance(node, ops.Call):
                continue
            found = self.receivers.callee(function, node.func)
            symbol = self.names.resolve(function, node.func) if found is None else None
            if isinstance(symbol, ClassSymbol):
                found = self.receivers.hierarchy.method(symbol.id, "__init__")
            if found is not None:
                yield found

    def closure(self, starts: Iterable[FunctionId], ends: Callable[[FunctionId], bool] = lambda _: False) -> list[FunctionId]:
        """The functions and all that they call, what `ends` is said of left out."""
        found = dict.fromkeys(starts)
        pending = list(found)
        while pending:
            for callee in self.callees(pending.pop()):
                if callee not in found and not ends(callee):
                    found[callee] = None
                    pending.append(callee)
        return list(found)

    def imported(self, starts: Iterable[str]) -> set[str]:
        """The files, and all that they import."""
        found = set(starts)
        pending = list(found)
        while pending:
            file = pending.pop()
            for function in self.names.importing(file):
                table = self.names.bindings(function)
                for binding in (*table.names.values(), *table.stars):
                    if isinstance(binding, Imported):
                        new = self._files_of(file, binding) - found
                        found |= new
                        pending += new
        return found

    def _files_of(self, file: str, binding: Imported) -> set[str]:
        module, _ = self.names.finder.find(file, binding.module, binding.level)
        files = self.names.finder.file_of
        return {files[name] for name in (module, f"{module}.{binding.name}") if name in files}

    @cached_property
    def wrappers(self) -> list[FunctionId]:
        """The functions that decorators of the program put around others."""
        makers: set[FunctionId] = set()
        for file in sorted(self.names.facts):
            for index, facts in enumerate(self.names.facts[file].functions):
                for decorator in facts.decorators:
                    target = decorator.func if isinstance(decorator, ops.Call) else decorator
                    symbol = self.names.resolve(FunctionId(file, index), target)
                    if isinstance(symbol, FunctionSymbol):
                        makers.add(symbol.id)
        return [function for maker in sorted(makers) for function in self.inside(maker)]

    def inside(self, function: FunctionId) -> Iterator[FunctionId]:
        """The functions that are defined in a function, at any depth."""
        for index, facts in enumerate(self.names.facts[function.file].functions):
            if facts.parent == function.index > 0:
                yield FunctionId(function.file, index)
                yield from self.inside(FunctionId(function.file, index))
