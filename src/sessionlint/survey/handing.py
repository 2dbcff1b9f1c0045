"""Which functions of a program hand out new sessions that their callers have to end, and who calls them. Entry point: `find_handing`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sessionlint.facts import FunctionFacts, ops
from sessionlint.facts.ops import Expr
from sessionlint.link import FunctionId, VariableSymbol
from sessionlint.link.names.walk import nodes
from sessionlint.link.symbols import External
from sessionlint.source import is_test
from sessionlint.survey.looking import Looking, last_name

_PLAIN = frozenset({"builtins.staticmethod", "builtins.classmethod"})
_SPECIAL = frozenset({"__enter__", "__aenter__", "__new__", "__init__", "__call__"})
_CLOSING = frozenset({"closing", "aclosing"})


@dataclass(frozen=True, slots=True)
class Use:
    """A call of what hands out sessions. `is_block` says that a `with` ends the session right there."""

    function: FunctionId
    call: ops.Call
    is_block: bool


@dataclass(frozen=True, slots=True)
class Handing:
    """A function that returns a new session, or a factory kept in a module's variable, with its calls in the order of their places."""

    source: FunctionId | VariableSymbol
    made: Expr
    uses: tuple[Use, ...]


def find_handing(look: Looking, *, factories: bool) -> tuple[Handing, ...]:
    """All of them that are called, in the order of their places; the factories, if they are asked for, last."""
    made: dict[FunctionId | VariableSymbol, Expr] = {
        function: value
        for function, facts in look.functions()
        if not is_test(function.file) and _is_plain(look, function, facts) and (value := _handed_out(look, function, facts)) is not None
    }
    variables = _factories(look) if factories else {}
    names = {look.program.function(function).name for function in made if isinstance(function, FunctionId)} | {
        variable.name for variable in variables if isinstance(variable, VariableSymbol)
    }
    made |= variables
    if not made:
        return ()
    calls: dict[FunctionId | VariableSymbol, list[Use]] = {source: [] for source in made}
    for use in _uses(look, names):
        symbol = look.program.resolve(use.function, use.call.func)
        source = symbol if isinstance(symbol, VariableSymbol) else look.receivers.callee(use.function, use.call.func)
        if source in calls:
            calls[source].append(use)
    return tuple(Handing(source, made[source], tuple(uses)) for source, uses in calls.items() if uses)


def _is_plain(look: Looking, function: FunctionId, facts: FunctionFacts) -> bool:
    """Whether calling the name runs the function itself: no decorator caches its result or makes a block or a property of it."""
    if not function.index or facts.is_generator or facts.name in _SPECIAL or facts.name.startswith("<"):
        return False
    symbols = [look.program.resolve(function, decorator) for decorator in facts.decorators]
    return function not in look.program.scopes and all(isinstance(symbol, External) and symbol.name in _PLAIN for symbol in symbols)


def _handed_out(look: Looking, function: FunctionId, facts: FunctionFacts) -> Expr | None:
    """The expression that makes the session, where all that is known to be returned is a new one."""
    values = [node.value for node in nodes(*facts.body) if isinstance(node, ops.Return) and node.value is not None]
    found = [(value, origin) for value in values if (origin := look.origins.origin(function, value)) is not None]
    if not found or any(origin.kind != "new" or origin.transaction for _, origin in found):
        return None
    value, origin = found[0]
    if origin.via and not _is_shown(look, origin.via[-1]):
        return None
    if isinstance(value, ops.Name):
        assigned = [made for _, made in look.receivers.values_of(function, value) if isinstance(made, ops.Call)]
        value = assigned[-1] if assigned else value
    return value


def _is_shown(look: Looking, function: FunctionId) -> bool:
    """Whether a function's own `return` makes the session: its annotation alone does not say who owns it."""
    values = [node.value for node in nodes(*look.program.function(function).body) if isinstance(node, ops.Return)]
    return any(look.origins.origin(function, value) is not None for value in values)


def _factories(look: Looking) -> dict[FunctionId | VariableSymbol, Expr]:
    """`SessionLocal = sessionmaker(engine)` at the top of a module."""
    found: dict[FunctionId | VariableSymbol, Expr] = {}
    for file, module in look.program.files.items():
        own = [symbol for symbol in module.bindings.values() if isinstance(symbol, VariableSymbol) and symbol.file == file]
        for symbol in own if not is_test(file) else []:
            values = [value for _, value, _ in look.program.assignments(symbol)]
            if len(values) == 1 and isinstance(values[0], ops.Call):
                origin = look.origins.factory(FunctionId(file, 0), ops.Name(values[0].at, symbol.name))
                if origin is not None and origin.kind == "new":
                    found[symbol] = values[0]
    return found


def _uses(look: Looking, names: set[str]) -> Iterator[Use]:
    for function, facts in look.functions():
        blocks: set[int] = set()  # a `with` comes before what it ends
        for node in nodes(*facts.body):
            if isinstance(node, ops.WithItem):
                blocks |= {id(each) for each in _ended(node)}
            elif isinstance(node, ops.Call) and last_name(node.func) in names:
                yield Use(function, node, id(node) in blocks)


def _ended(item: ops.WithItem) -> list[Expr]:
    """What a `with` item ends: its context, and what is handed to `closing()`."""
    context = item.context.value if isinstance(item.context, ops.Await) else item.context
    return [context, *(context.args[:1] if isinstance(context, ops.Call) and last_name(context.func) in _CLOSING else ())]
