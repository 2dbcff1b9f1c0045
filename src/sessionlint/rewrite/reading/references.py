"""Where a function of the program is mentioned, with what stands directly around the mention. Entry points: `references`,
`unclear_uses`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sessionlint.facts import FunctionFacts, ops
from sessionlint.facts.ops import Expr
from sessionlint.link import ClassId, FunctionId, FunctionSymbol, Module, Program, Symbol
from sessionlint.rewrite.reading.walk import children

Resolve = Callable[[Expr], Symbol | None]


@dataclass(frozen=True, slots=True)
class Reference:
    """A mention of the function: `node` in `parent` (an operation or a part of one; None for a decorator, a default or an annotation)."""

    file: str
    node: ops.Name | ops.Attribute
    parent: Any
    resolve: Resolve


def references(program: Program, symbol: FunctionSymbol) -> Iterator[Reference]:
    """Every mention of a function, other than its definition and imports."""
    name = program.function(symbol.id).name
    for file, module in program.files.items():
        spellings = {name} | _aliases(module, name)
        for roots, resolve in _roots(program, file, module):
            for node, parent in _with_parents(roots):
                said = node.id if isinstance(node, ops.Name) else node.name if isinstance(node, ops.Attribute) else ""
                if said in spellings and resolve(node) == symbol:
                    yield Reference(file, node, parent, resolve)


def unclear_uses(program: Program, symbol: FunctionSymbol) -> Iterator[tuple[str, int]]:
    """The files and rows at which something is called that may be the function: `getattr(module, "name")()`, or an attribute of that name
    of nobody knows what (`import_module("deps").name()`)."""
    name = program.function(symbol.id).name
    for file, module in program.files.items():
        for roots, resolve in _roots(program, file, module):
            for node, _ in _with_parents(roots):
                match node:
                    case ops.Call(func=ops.Name(id="getattr" | "attrgetter"), args=args) if any(_says(arg, name) for arg in args):
                        yield file, node.at.row
                    case ops.Call(func=ops.Attribute(name=called, value=owner) as func) if called == name:
                        is_own = isinstance(owner, ops.Name) and owner.id in ("self", "cls")
                        if not is_own and resolve(func) is None and resolve(owner) is None:
                            yield file, node.at.row
                    case _:
                        pass


def _says(value: Expr, name: str) -> bool:
    return isinstance(value, ops.Constant) and value.value == name


def _aliases(module: Module, name: str) -> set[str]:
    nodes = (node for facts in module.facts.functions for root in facts.body for node, _ in _with_parents([root]))
    return {item.bound for node in nodes if isinstance(node, ops.Import) for item in node.names if item.name == name}


def _roots(program: Program, file: str, module: Module) -> Iterator[tuple[list[Any], Resolve]]:
    """What is to be looked through, with the way in which names are resolved there."""
    for index, facts in enumerate(module.facts.functions):
        id = FunctionId(file, index)
        yield _parts(facts), lambda expr, id=id: program.resolve(id, expr)  # type: ignore[misc]
    for index, owner in enumerate(module.facts.classes):
        home = ClassId(file, index)
        parts = [*owner.body, *owner.decorators, *owner.bases, *(value for _, value in owner.keywords)]
        yield parts, lambda expr, home=home: program.resolve_in_class(home, expr)  # type: ignore[misc]


def _parts(facts: FunctionFacts) -> list[Any]:
    annotations = [part for parameter in facts.parameters for part in (parameter.default, parameter.annotation)]
    return [part for part in (*facts.body, *facts.decorators, *annotations, facts.returns) if part is not None]


def _with_parents(roots: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Every node at or below the roots, with the one directly above it."""
    pending: list[tuple[Any, Any]] = [(root, None) for root in roots]
    while pending:
        node, parent = pending.pop()
        yield node, parent
        pending += [(child, node) for child in children(node)]
