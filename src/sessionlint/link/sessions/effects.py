"""What happens around the `yield` of a context manager: what is done to the session after it, and to an exception. Entry
point: `read_around`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr, Stmt
from sessionlint.link.names.walk import nodes


@dataclass(slots=True)
class Around:
    """The `yield` with what encloses it, outermost first: `contexts` are `with` items, `handlers` those of enclosing `try`s;
    `after` are the calls that come after the `yield`, each with where: `normal`, `handler` or `finally`."""

    value: Expr | None
    contexts: list[ops.WithItem] = field(default_factory=list)
    handlers: list[ops.Handler] = field(default_factory=list)
    after: list[tuple[ops.Call, str]] = field(default_factory=list)
    has_final_return: bool = False


def read_around(body: tuple[Stmt, ...]) -> list[Around]:
    """One `Around` for each `yield` with a value in a body, in source order."""
    return list(_in_block(body, []))


_Frame = tuple[list[Stmt], ops.Try | None, tuple[ops.WithItem, ...]]


def _in_block(body: tuple[Stmt, ...], frames: list[_Frame]) -> Iterator[Around]:
    for index, statement in enumerate(body):
        here: list[_Frame] = [*frames, (list(body[index + 1 :]), None, ())]
        match statement:
            case ops.With(items=items, body=inner):
                yield from _in_block(inner, [*here, ([], None, items)])
            case ops.Try(body=inner, handlers=handlers, orelse=orelse, finalbody=finalbody):
                yield from _in_block(inner, [*here, (list(orelse), statement, ())])
                for block in (*(handler.body for handler in handlers), orelse):
                    yield from _in_block(block, [*here, ([], ops.Try(statement.at, (), (), (), finalbody, False), ())])
            case ops.If(body=inner, orelse=orelse) | ops.While(body=inner, orelse=orelse) | ops.For(body=inner, orelse=orelse):
                yield from _in_block(inner, here)
                yield from _in_block(orelse, here)
            case _:
                found = next((node for node in nodes(statement) if isinstance(node, ops.Yield)), None)
                if found is not None and found.value is not None:
                    yield _assembled(found.value, here)


def _assembled(value: Expr, frames: list[_Frame]) -> Around:
    around = Around(value)
    for later, attempt, items in frames:
        around.contexts += items
        around.after += [(call, "normal") for call in calls(later)]
        if attempt is not None:
            around.handlers += attempt.handlers
            for handler in attempt.handlers:
                around.after += [(call, "handler") for call in calls(handler.body)]
            around.after += [(call, "finally") for call in calls(attempt.finalbody)]
            around.has_final_return |= any(isinstance(node, ops.Return) for node in nodes(*attempt.finalbody))
    return around


def calls(body: list[Stmt] | tuple[Stmt, ...]) -> list[ops.Call]:
    """Every call in a body."""
    return [node for node in nodes(*body) if isinstance(node, ops.Call)]


def errors_of(handlers: list[ops.Handler]) -> str:
    """What handlers around the `yield` do to an exception: `swallowed` if one may, else `translated` if one does, else `same`."""
    outcomes: set[str] = set()
    for handler in handlers:
        if _last_name(handler.type) not in ("GeneratorExit", "StopIteration", "CancelledError"):
            outcomes |= {"swallowed" if way == "on" else way for way in ways_out(handler.body, handler.name)}
    return next((way for way in ("swallowed", "translated") if way in outcomes), "same")


def ways_out(body: tuple[Stmt, ...], name: str) -> set[str]:
    """How a handler's body ends: `same` (raises what it caught, called `name`), `translated`, `swallowed` (returns), `on`
    (runs off its end)."""
    found: set[str] = set()
    for statement in body:
        match statement:
            case ops.Raise(error=error):
                is_same = error is None or (isinstance(error, ops.Name) and error.id == name)
                return found | {"same" if is_same else "translated"}
            case ops.Return():
                return found | {"swallowed"}
            case ops.If(body=inner, orelse=orelse):
                ways = ways_out(inner, name) | ways_out(orelse, name)
            case ops.With(body=inner):
                ways = ways_out(inner, name)
            case ops.Try(body=inner, finalbody=finalbody, orelse=orelse):
                ways = ways_out((*inner, *orelse, *finalbody), name)
            case _:
                continue
        found |= ways - {"on"}
        if "on" not in ways:
            return found
    return found | {"on"}


def _last_name(expression: Expr | None) -> str:
    if isinstance(expression, ops.Attribute):
        return expression.name
    return expression.id if isinstance(expression, ops.Name) else ""
