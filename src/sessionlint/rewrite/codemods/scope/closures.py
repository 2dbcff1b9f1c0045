"""Functions that hold the session: nested ones, lambdas, `partial()`; what calling them, or having them called, gives and does.
Entry points: `called`, `called_back`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.link.symbols import External, FunctionId, FunctionSymbol, Symbol
from sessionlint.rewrite.codemods.scope import tables
from sessionlint.rewrite.codemods.scope.summaries import NOTHING, Summary, summarize
from sessionlint.rewrite.codemods.scope.values import CLOSURE, PLAIN, UNKNOWN, Value, element_of, join, query
from sessionlint.rewrite.reading.walk import target_names, walk

if TYPE_CHECKING:
    from sessionlint.rewrite.codemods.scope.evaluate import Frame


def is_partial(symbol: Symbol | None) -> bool:
    """Whether a call of the symbol gives a function with some of its arguments."""
    return isinstance(symbol, External) and symbol.name == "functools.partial"


def called(frame: Frame, function: Expr, held: list[Value], named: dict[str, Value]) -> Summary:
    """What calling what an expression gives, with these arguments, gives and does; anything, where that is not known."""
    match function:
        case ops.Lambda(function=index):
            return summarize(frame.calls, FunctionId(frame.function.file, index), held, named, frame)
        case ops.Call(func=func, args=(first, *given), keywords=keywords) if is_partial(frame.symbol(func)):
            before = {keyword.name: frame.value(keyword.value) for keyword in keywords if keyword.name}
            return called(frame, first, [*(frame.value(arg) for arg in given), *held], before | named)
        case ops.Name(id=name):
            symbol = frame.symbol(function)
            if isinstance(symbol, FunctionSymbol):
                return summarize(frame.calls, symbol.id, held, named, _around(frame, symbol.id))
            made = _made(frame, name)
            return called(frame, made, held, named) if made is not None else Summary(UNKNOWN, writes=True)
        case _:
            return Summary(UNKNOWN, writes=True)


def _around(frame: Frame, function: FunctionId) -> Frame | None:
    """The frame whose names a function sees: the nearest one that it is nested in."""
    place: Frame | None = frame
    while place is not None:
        if function.file == place.function.file and frame.program.function(function).parent == place.function.index:
            return place
        place = place.outer
    return None


def _made(frame: Frame, name: str) -> Expr | None:
    """The one lambda or `partial()` that is assigned to a local name."""
    values = [
        node.value
        for node in walk(*frame.facts.body)
        if isinstance(node, ops.Assign) and name in {n for target in node.targets for n in target_names(target)}
    ]
    return values[0] if len(values) == 1 and isinstance(values[0], ops.Lambda | ops.Call) and frame.value(values[0]) == CLOSURE else None


def called_back(frame: Frame, name: str, node: ops.Call, element: Value) -> Summary:
    """What a builtin has the functions do that it is handed; of `map()` also what it gives."""
    functions = (*node.args, *(keyword.value for keyword in node.keywords if keyword.name == "key"))
    if name == "map" and node.args:
        functions = node.args[1:]
        found = _mapped(frame, node.args[0], [element_of(frame.value(arg)) for arg in functions])
        found = replace(found, value=query(found.value))
    else:
        found = NOTHING
    for function in functions:
        if frame.value(function) == CLOSURE:
            one = called(frame, function, [element], {})
            found = Summary(found.value, found.writes or one.writes, found.escape or one.escape, found.ends or one.ends)
    return found


def _mapped(frame: Frame, function: Expr, held: list[Value]) -> Summary:
    symbol = frame.symbol(function)
    if isinstance(function, ops.Lambda) or frame.value(function).is_tied or isinstance(symbol, FunctionSymbol):
        return called(frame, function, held, {})
    if isinstance(function, ops.Name) and function.id in tables.PLAIN_BUILTINS:
        return NOTHING
    element = PLAIN
    for value in held:
        element = join(element, value)
    return Summary(element if len(held) == 1 else UNKNOWN if element.is_tied else PLAIN)
