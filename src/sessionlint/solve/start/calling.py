"""Which functions each function may call, as far as names tell. Entry point: `Calling`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sessionlint.facts import FunctionFacts
from sessionlint.facts.summary import mentioned
from sessionlint.link import Program
from sessionlint.link.symbols import ClassId, ClassSymbol, FunctionId, FunctionSymbol, ModuleSymbol, Symbol, VariableSymbol

MAX_CANDIDATES = 4
"""Methods of one name, on unrelated classes, that a call on something unknown is taken to reach; with more it reaches none."""

IMPLICIT = ("__init__", "__post_init__", "__enter__", "__exit__", "__aenter__", "__aexit__", "__call__", "__iter__")
"""Methods that run when an object is made or used, without being named."""

_Functions = tuple[FunctionId, ...]


class Calling:
    """The functions behind what a function mentions. A mention means the same in all functions of a file that do not bind its name."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._methods = _methods_by_name(program)
        self._of_owner: dict[tuple[ClassId, str], FunctionId | None] = {}
        self._of_classes: dict[ClassId, _Functions] = {}

    def of_file(self, file: str) -> Iterator[tuple[FunctionId, _Functions]]:
        """The functions of a file, each with those that it may call, sorted."""
        program, names = self._program, self._program.names
        facts, summary = program.files[file].facts, names.summary(file)
        shared: dict[int, _Functions] = {}
        for index, own in enumerate(summary.functions):
            function = FunctionId(file, index)
            hidden = names.bound_in(function)
            owner, first = self._owner(function, facts.functions[index])
            found = {FunctionId(file, inner) for inner in names.inner(function)} if index else set()
            for number in own.mentions:
                receiver, name = summary.mentions[number]
                if receiver and receiver == first and owner is not None:
                    method = self._method(owner, name)
                    if method is not None:
                        found.add(method)
                elif (receiver or name) in hidden:
                    found.update(self._reached(function, receiver, name))
                else:
                    if number not in shared:
                        shared[number] = tuple(self._reached(function, receiver, name))
                    found.update(shared[number])
            yield function, tuple(sorted(found))

    def _owner(self, function: FunctionId, facts: FunctionFacts) -> tuple[ClassId | None, str]:
        """The class of a method, and the name of its first parameter."""
        own = self._program.owner_of(function)
        return own, facts.parameters[0].name if own is not None and facts.parameters else ""

    def _method(self, owner: ClassId, name: str) -> FunctionId | None:
        key = (owner, name)
        if key not in self._of_owner:
            self._of_owner[key] = self._program.method(owner, name)
        return self._of_owner[key]

    def _reached(self, function: FunctionId, receiver: str, name: str) -> Iterable[FunctionId]:
        program = self._program
        if not receiver:
            return self._behind(program.lookup(function, name))
        symbol = program.lookup(function, receiver) if receiver != "*" else None
        if isinstance(symbol, ModuleSymbol):
            return self._behind(program.member(symbol.name, name))
        if isinstance(symbol, ClassSymbol) and (method := self._method(symbol.id, name)) is not None:
            return (method,)
        candidates = self._methods.get(name, ())
        return candidates if len(candidates) <= MAX_CANDIDATES else ()

    def _behind(self, symbol: Symbol | None) -> Iterator[FunctionId]:
        if isinstance(symbol, FunctionSymbol):
            yield symbol.id
        elif isinstance(symbol, ClassSymbol):
            yield from self._of_class(symbol.id)
        elif isinstance(symbol, VariableSymbol):
            # `fetch_users = partial(fetch_all, User)`: whatever the assigned expression names
            for function, value, _ in self._program.assignments(symbol):
                for receiver, name in mentioned(value):
                    found = self._program.lookup(function, name) if receiver == "" else None
                    if isinstance(found, FunctionSymbol | ClassSymbol):
                        yield from self._behind(found)

    def _of_class(self, cls: ClassId) -> _Functions:
        if cls not in self._of_classes:
            methods = (self._program.method(cls, name) for name in IMPLICIT)
            self._of_classes[cls] = tuple(method for method in methods if method is not None)
        return self._of_classes[cls]


def _methods_by_name(program: Program) -> dict[str, list[FunctionId]]:
    found: dict[str, list[FunctionId]] = {}
    for file in sorted(program.files):
        for facts in program.files[file].facts.classes:
            for name, index in facts.methods.items():
                found.setdefault(name, []).append(FunctionId(file, index))
    return found
