"""Which names functions mention, and which names stand for a session or its factory. Entry points: `mentioned`, `mentions_of`,
`handed`, `factory_names`, `waiting_in`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from sessionlint.facts import FileFacts, FunctionFacts, ops
from sessionlint.facts.walk import statements
from sessionlint.knowledge.waits import MENTIONED
from sessionlint.link import Program
from sessionlint.link.names.walk import nodes
from sessionlint.link.symbols import External, FunctionId, ModuleSymbol


def mentions_of(facts: FunctionFacts) -> Iterator[tuple[str, str]]:
    """Every name and attribute in a function's body, decorators and signature, as `mentioned` gives them."""
    yield from mentioned(facts.body)
    yield from mentioned(facts.decorators)
    if facts.returns is not None:
        yield from mentioned(facts.returns)
    for parameter in facts.parameters:
        if parameter.annotation is not None:
            yield from mentioned(parameter.annotation)
        if parameter.default is not None:
            yield from mentioned(parameter.default)


def factory_names(program: Program) -> set[str]:
    """The names of variables and fields that hold a session or a factory, as far as assignments and annotations show it."""
    found = set[str]()
    aliases = [alias for file in sorted(program.files) for alias in _aliases(program.files[file].facts)]
    for _ in range(3):
        found |= {target for target, names in aliases if names & (_MAKERS | found)}
    return found


def _aliases(facts: FileFacts) -> Iterator[tuple[str, set[str]]]:
    """Each name of a file that is bound, with the names that it may be another name of."""
    for body in (*(found.body for found in facts.functions), *(found.body for found in facts.classes)):
        for item in statements(body):
            if isinstance(item, ops.Assign):
                names = {name for _, name in mentioned(item.annotation)} | _aliased(item.value)
                parts = [part for target in item.targets for part in _targets(target)]
                yield from ((target, names) for target in map(_tail, parts) if target)
    for function in facts.functions:
        yield from ((function.name, _aliased(item.value)) for item in statements(function.body) if isinstance(item, ops.Return))
        for parameter in function.parameters:
            yield parameter.name, {name for _, name in mentioned(parameter.annotation)}


_MAKERS = frozenset({"sessionmaker", "async_sessionmaker", "scoped_session", "async_scoped_session"})


def _aliased(value: ops.Expr | None) -> set[str]:
    """What an assigned value is another name of: a plain name or attribute, what is called, what stands before an `or`."""
    match value:
        case ops.Name() | ops.Attribute():
            return {_tail(value)}
        case ops.Call():
            return _aliased(value.func) | {name for argument in value.args[:1] for name in _aliased(argument)}
        case ops.BoolOp():
            return {name for part in value.values for name in _aliased(part)}
        case ops.Subscript():
            return _aliased(value.value)
        case ops.Display():
            return {name for part in value.items for name in _aliased(part)}
        case _:
            return set()


def _targets(target: ops.Expr) -> tuple[ops.Expr, ...]:
    return target.items if isinstance(target, ops.Display) else (target,)


def _tail(target: ops.Expr) -> str:
    if isinstance(target, ops.Attribute):
        return target.name
    return target.id if isinstance(target, ops.Name) else ""


def mentioned(found: object) -> Iterator[tuple[str, str]]:
    """Every name (after an empty text) and attribute (after the name it is taken from, `*` for an expression) in an operation."""
    if isinstance(found, ops.Name):
        yield "", found.id
    elif isinstance(found, ops.Attribute):
        yield found.value.id if isinstance(found.value, ops.Name) else "*", found.name
        yield from mentioned(found.value)
    elif isinstance(found, msgspec.Struct):
        for name in found.__struct_fields__:
            value = getattr(found, name)
            if isinstance(value, msgspec.Struct | tuple):
                yield from mentioned(value)
    elif isinstance(found, tuple):
        for item in found:
            yield from mentioned(item)


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
    slow = {file: _slow_names(program, file) for file in program.files}
    candidates = (function for function in functions if slow[function.file])
    return {function for function in candidates if slow[function.file] & {name for _, name in mentions_of(program.function(function))}}


def _slow_names(program: Program, file: str) -> frozenset[str]:
    """The names by which a function of the file can wait, as far as its imports tell."""
    found = program.files[file].bindings.values()
    roots = {symbol.name.partition(".")[0] for symbol in found if isinstance(symbol, External | ModuleSymbol)}
    return frozenset(name for root in sorted(roots & MENTIONED.keys()) for name in MENTIONED[root])
