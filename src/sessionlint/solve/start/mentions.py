"""Which names stand for a session or its factory, which are handed on, and which functions wait. Entry points: `handed`, `factory_names`,
`waiting_in`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sessionlint.facts import ops
from sessionlint.knowledge.waits import MENTIONED
from sessionlint.link import Program
from sessionlint.link.names.walk import nodes
from sessionlint.link.symbols import External, FunctionId, ModuleSymbol

_MAKERS = frozenset({"sessionmaker", "async_sessionmaker", "scoped_session", "async_scoped_session"})
_HOPS = 3
"""How many names are followed from one to the next."""


def factory_names(program: Program) -> set[str]:
    """The names of variables and fields that hold a session or a factory, as far as assignments and annotations show it."""
    aliases: dict[str, set[str]] = {}
    for file in program.files:
        for name, others in program.names.summary(file).aliases:
            aliases.setdefault(name, set()).update(others)
    found, new = set[str](), set(_MAKERS)
    for _ in range(_HOPS):
        new = {other for name in new for other in aliases.get(name, ())} - found
        found |= new
    return found


def handed(body: Iterable[ops.Stmt]) -> Iterator[str]:
    """The names that stand alone as an argument of a call, or as an item of a list, tuple, set or dict."""
    for node in nodes(*body):
        match node:
            case ops.Call():
                parts = (*node.args, *(keyword.value for keyword in node.keywords))
            case ops.Display():
                parts = node.items
            case ops.DictDisplay():
                parts = node.values
            case _:
                continue
        yield from (part.id for part in parts if isinstance(part, ops.Name))


def waiting_in(program: Program, functions: Iterable[FunctionId]) -> set[FunctionId]:
    """Those functions that can wait for something outside the program by themselves."""
    slow = {file: _slow_mentions(program, file) for file in program.files}
    return {function for function in functions if not slow[function.file].isdisjoint(program.names.of_body(function).mentions)}


def _slow_mentions(program: Program, file: str) -> frozenset[int]:
    """The mentions by which a function of the file can wait, as far as its imports tell."""
    found = program.files[file].bindings.values()
    roots = {symbol.name.partition(".")[0] for symbol in found if isinstance(symbol, External | ModuleSymbol)} & MENTIONED.keys()
    names = frozenset[str]().union(*(MENTIONED[root] for root in roots))
    mentions = program.names.summary(file).mentions if names else ()
    return frozenset(number for number, (_, name) in enumerate(mentions) if name in names)
