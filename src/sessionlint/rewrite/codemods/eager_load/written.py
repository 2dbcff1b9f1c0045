"""Loader options that a query has already, as they are written: `selectinload(User.orders).joinedload(Order.lines)`. Entry point:
`options_in`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sessionlint.facts import ops
from sessionlint.knowledge.sqlalchemy.options import ALL
from sessionlint.link import ClassId, ClassSymbol, External, FunctionId, Program


@dataclass(frozen=True, slots=True)
class Written:
    """One option: `path` are the attributes on its way, `strategies` SQLAlchemy's functions for them, `calls` the calls that name them.
    `inner` is the `options(…)`, `chosen` the `load_only(…)`, that it ends with; `model` the class that it begins with, if that is known."""

    expr: ops.Expr
    model: ClassId | None
    path: tuple[str, ...]
    strategies: tuple[str, ...]
    calls: tuple[ops.Call, ...]
    inner: ops.Call | None = None
    chosen: ops.Call | None = None


def options_in(program: Program, function: FunctionId, arguments: Iterable[ops.Expr], above: Written | None = None) -> list[Written]:
    """The options among the arguments of `options(…)` that can be read; `above` is the option that this `options(…)` ends."""
    return [found for argument in arguments if (found := _read(program, function, argument, above)) is not None]


def _read(program: Program, function: FunctionId, expr: ops.Expr, above: Written | None) -> Written | None:
    calls = _calls(expr)
    if not calls:
        return None
    found = replace(above, expr=expr, inner=None) if above else Written(expr, None, (), (), ())
    for position, (name, call) in enumerate(_named(program, function, calls)):
        is_last = position == len(calls) - 1
        model = found.model or _model(program, function, call)
        if name == "options" and is_last and position:
            found = replace(found, inner=call)
        elif name == "load_only" and is_last:
            found = replace(found, chosen=call, model=model)
        elif name in ALL and name != "load_only" and len(call.args) == 1 and isinstance(attribute := call.args[0], ops.Attribute):
            path, strategies = (*found.path, attribute.name), (*found.strategies, name)
            found = replace(found, model=model, path=path, strategies=strategies, calls=(*found.calls, call))
        elif name != "Load" or position:
            return None
    return found


def _model(program: Program, function: FunctionId, call: ops.Call) -> ClassId | None:
    """The class whose attribute an option names first."""
    first = call.args[0] if call.args else None
    symbol = program.resolve(function, first.value) if isinstance(first, ops.Attribute) else None
    return symbol.id if isinstance(symbol, ClassSymbol) else None


def _calls(expr: ops.Expr) -> list[ops.Call]:
    """The calls of a chain, the first one first."""
    calls: list[ops.Call] = []
    while isinstance(expr, ops.Call):
        calls.insert(0, expr)
        if not isinstance(expr.func, ops.Attribute) or not isinstance(expr.func.value, ops.Call):
            break
        expr = expr.func.value
    return calls


def _named(program: Program, function: FunctionId, calls: list[ops.Call]) -> Iterator[tuple[str, ops.Call]]:
    for position, call in enumerate(calls):
        if position == 0:
            symbol = program.resolve(function, call.func)
            yield symbol.name.rpartition(".")[2] if isinstance(symbol, External) else "", call
        elif isinstance(call.func, ops.Attribute):
            yield call.func.name, call
