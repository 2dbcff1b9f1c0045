"""One walk over the operations of a program that later questions are about. Entry point: `collect`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessionlint.facts import FileFacts, ops, summary_of
from sessionlint.link.names.tables import Assigned, bindings_of
from sessionlint.link.names.walk import CHILDREN, Node
from sessionlint.link.symbols import FunctionId


@dataclass(slots=True)
class Collected:
    """What the walk found, in source order.

    `calls` are by the last name of what they call, for the names asked for only; a call through another name that the file
    gives to a wanted one (`acquire = db_manager.get_session`) stands under the wanted one. `additions` are assignments of a
    call to an attribute, all that are made to what is no local variable; `globals` what functions assign to names that they
    declare global, by file and name.
    """

    calls: dict[str, list[tuple[FunctionId, ops.Call]]] = field(default_factory=dict)
    additions: list[tuple[FunctionId, ops.Assign]] = field(default_factory=list)
    globals: dict[str, dict[str, list[tuple[FunctionId, Assigned]]]] = field(default_factory=dict)


def collect(files: Mapping[str, FileFacts], wanted: frozenset[str]) -> Collected:
    """Walk the bodies of `files` once that may hold something; `wanted` are the last names of the calls to keep."""
    found = Collected(calls={name: [] for name in sorted(wanted)})
    for file in sorted(files):
        walk = _Walk(file, files[file], wanted, found)
        walk.run()
    for calls in found.calls.values():
        calls.sort(key=lambda item: (item[0].file, item[1].at, item[0].index))
    found.additions.sort(key=lambda item: (item[0].file, item[1].at))
    return found


class _Walk:
    """The walk over one file. The loop in `_body` is the one hot spot of `link`: about ten operations to a line of source."""

    def __init__(self, file: str, facts: FileFacts, wanted: frozenset[str], found: Collected) -> None:
        self._file, self._facts, self._wanted, self._found = file, facts, wanted, found
        self._summary = summary_of(facts)
        self._by_name: dict[str, list[tuple[FunctionId, ops.Call]]] = {}
        self._aliases: dict[str, set[str]] = {}
        for name, alias in self._summary.renamed:
            if name in wanted:
                self._aliases.setdefault(alias, set()).add(name)

    def run(self) -> None:
        names = self._wanted | self._aliases.keys()
        telling = {number for number, (_, name) in enumerate(self._summary.mentions) if name in names}
        for index, (function, summary) in enumerate(zip(self._facts.functions, self._summary.functions, strict=True)):
            is_told = summary.adds or summary.declared or not self._wanted.isdisjoint(summary.called)
            if is_told or not telling.isdisjoint(summary.mentions):
                id = FunctionId(self._file, index)
                self._body(id, [*function.body])
                around = FunctionId(self._file, max(function.parent, 0))
                self._body(
                    around, [*function.decorators, *(p.default for p in function.parameters), *(p.annotation for p in function.parameters)]
                )
        for class_ in self._facts.classes:
            self._body(FunctionId(self._file, max(class_.parent, 0)), [*class_.body, *class_.decorators, *class_.bases])
        for alias, others in self._aliases.items():
            for name in sorted(others):
                self._found.calls[name] += self._by_name.get(alias, [])

    def _body(self, function: FunctionId, stack: list[Node]) -> None:
        children = CHILDREN.get
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind is ops.Call:
                self._call(function, node)
            elif kind is ops.Assign:
                self._assign(function, node)
            elif kind is ops.Global and not node.is_nonlocal:
                self._global(function, node)
            below = children(kind)
            if below is not None:
                stack.extend(below(node))

    def _call(self, function: FunctionId, call: ops.Call) -> None:
        func = call.func
        kind = type(func)
        if kind is ops.Attribute:
            if func.name in self._wanted:  # type: ignore[union-attr]
                self._found.calls[func.name].append((function, call))  # type: ignore[union-attr]
        elif kind is ops.Name:
            if func.id in self._wanted:  # type: ignore[union-attr]
                self._found.calls[func.id].append((function, call))  # type: ignore[union-attr]
            elif func.id in self._aliases:  # type: ignore[union-attr]
                self._by_name.setdefault(func.id, []).append((function, call))  # type: ignore[union-attr]
        elif isinstance(func, ops.Call) and len(func.args) > 1:  # getattr(manager, "get_session")()
            name = func.args[1].value if isinstance(func.args[1], ops.Constant) else None
            if isinstance(name, str) and name in self._wanted:
                self._found.calls[name].append((function, call))

    def _assign(self, function: FunctionId, assign: ops.Assign) -> None:
        target, value = assign.targets[0], assign.value
        if isinstance(target, ops.Attribute) and isinstance(value, ops.Call) and isinstance(target.value, ops.Name | ops.Attribute):
            self._found.additions.append((function, assign))

    def _global(self, function: FunctionId, statement: ops.Global) -> None:
        assigned = bindings_of(self._facts.functions[function.index].body, self._facts).assigned
        names = self._found.globals.setdefault(self._file, {})
        for name in statement.names:
            places = names.setdefault(name, [])
            places += [(function, each) for each in assigned.get(name, ()) if (function, each) not in places]
