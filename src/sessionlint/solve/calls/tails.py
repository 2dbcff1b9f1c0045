"""Which calls of a `with` statement's body are the last that is done in it, as far as its text tells. Entry point: `last_calls`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sessionlint.facts import ops
from sessionlint.knowledge.logs import LOGS
from sessionlint.link import Program
from sessionlint.link.symbols import External, FunctionId, VariableSymbol
from sessionlint.source import Range

CLOSING = frozenset({"close", "aclose"})
ENDING = CLOSING | {"commit"}


def last_calls(program: Program, function: FunctionId, item: ops.With) -> frozenset[Range]:
    """The places of the `commit()`s and `close()`s after which nothing is done that could depend on them."""
    return frozenset(_of_block(_Place(program, function), item.body))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a block stands: `leaves` if the body ends with it, `can_leave` if a `return` in it goes straight out, `commits` if a commit
    that fails in it fails as the scope's own would."""

    program: Program
    function: FunctionId
    leaves: bool = True
    can_leave: bool = True
    commits: bool = True


def _of_block(place: _Place, body: Sequence[ops.Stmt]) -> Iterator[Range]:
    is_last = place.leaves or (place.can_leave and bool(body) and isinstance(body[-1], ops.Return | ops.Raise))
    for item in reversed(body):
        call = _ending(item)
        if is_last and call is not None and (place.commits or call[0] in CLOSING):
            yield from call[1]
        elif is_last and isinstance(item, ops.Raise):
            # the scope rolls back what it would have committed
            place = replace(place, commits=False)
        elif not is_last or not _is_quiet(place, item):
            yield from _inside(replace(place, leaves=is_last), item)
            is_last = False


def _inside(place: _Place, item: ops.Stmt) -> Iterator[Range]:
    match item:
        case ops.If():
            yield from _of_block(place, item.body)
            yield from _of_block(place, item.orelse)
        case ops.For() | ops.While():
            yield from _of_block(replace(place, leaves=False), item.body)
            yield from _of_block(place, item.orelse)
        case ops.Match():
            for case in item.cases:
                yield from _of_block(place, case.body)
        case ops.Try():
            yield from _of_try(place, item)
        case _:
            pass


def _of_try(place: _Place, item: ops.Try) -> Iterator[Range]:
    if item.finalbody:
        # it runs on every way out: only what the scope does on every way out is superfluous there
        yield from _of_block(replace(place, commits=False, can_leave=False), item.finalbody)
    is_free = all(_is_quiet(place, inner) for inner in item.finalbody)
    inner = replace(place, leaves=place.leaves and is_free, can_leave=place.can_leave and is_free)
    yield from _of_block(replace(inner, leaves=inner.leaves and not item.orelse, commits=False), item.body)
    inner = replace(inner, commits=place.commits and not item.finalbody)
    for handler in item.handlers:
        yield from _of_block(inner, handler.body)
    yield from _of_block(inner, item.orelse)


def _ending(item: ops.Stmt) -> tuple[str, tuple[Range, ...]] | None:
    """`session.commit()`, `await session.close()`: its method and its places."""
    if not isinstance(item, ops.Evaluate):
        return None
    value = item.value.value if isinstance(item.value, ops.Await) else item.value
    if isinstance(value, ops.Call) and isinstance(value.func, ops.Attribute) and value.func.name in ENDING and not value.args:
        return value.func.name, (value.at, item.value.at)
    return None


def _is_quiet(place: _Place, item: ops.Stmt) -> bool:
    """Whether a statement does nothing that depends on what was committed or closed, and does not fail."""
    match item:
        case ops.Return():
            return place.can_leave and (item.value is None or _is_plain(item.value))
        case ops.Assign():
            return all(isinstance(target, ops.Name) for target in item.targets) and (item.value is None or _is_plain(item.value))
        case ops.Evaluate(value=ops.Call(func=func, args=args, keywords=keywords)):
            said = (*args, *(keyword.value for keyword in keywords))
            return _is_log(place, func) and all(_is_plain(part) for part in said)
        case _:
            return False


def _is_log(place: _Place, func: ops.Expr) -> bool:
    """`print`, `logging.info`, `logger.info` of a module's logger."""
    symbol = place.program.resolve(place.function, func)
    made = [symbol.name] if isinstance(symbol, External) else []
    owner = place.program.resolve(place.function, func.value) if symbol is None and isinstance(func, ops.Attribute) else None
    for home, value, _ in place.program.assignments(owner) if isinstance(owner, VariableSymbol) else ():
        maker = place.program.resolve(home, value.func) if isinstance(value, ops.Call) else None
        assert isinstance(func, ops.Attribute)
        made.append(f"{maker.name}.{func.name}" if isinstance(maker, External) else "")
    return bool(made) and all(name in LOGS for name in made)


def _is_plain(expr: ops.Expr) -> bool:
    """Whether an expression only puts together what is there already."""
    match expr:
        case ops.Name() | ops.Constant():
            return True
        case ops.Display():
            return all(_is_plain(part) for part in expr.items)
        case ops.DictDisplay():
            return all(part is None or _is_plain(part) for part in (*expr.keys, *expr.values))
        case ops.FormattedString() | ops.Other():
            return all(_is_plain(part) for part in expr.parts)
        case ops.Not():
            return _is_plain(expr.value)
        case ops.Compare():
            return all(_is_plain(part) for part in (expr.left, *expr.comparators))
        case _:
            return False
