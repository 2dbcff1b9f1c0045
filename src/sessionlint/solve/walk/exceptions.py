"""Which handler takes which exception, by the names of classes."""

from __future__ import annotations

import builtins
from collections.abc import Iterator

from sessionlint.facts import ops
from sessionlint.knowledge.sqlalchemy.errors import BASES
from sessionlint.link.symbols import ClassSymbol, External, Symbol
from sessionlint.solve.state.objects import Object
from sessionlint.solve.state.outcome import Thrown
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Value
from sessionlint.solve.walk.machine import Frame, Machine

DATABASE_ERROR = ("sqlalchemy.exc.SQLAlchemyError", "builtins.Exception", "builtins.BaseException")
"""What a session's methods raise: SQLAlchemy wraps what the driver raises."""

FLUSH_ERROR = ("sqlalchemy.exc.StatementError", *DATABASE_ERROR)
"""What a failed flush raises, as a rule."""

HTTP_ERROR = ("werkzeug.exceptions.HTTPException", "builtins.Exception", "builtins.BaseException")
SYSTEM_EXIT = ("builtins.SystemExit", "builtins.BaseException")
ATTRIBUTE_ERROR = ("builtins.AttributeError", "builtins.Exception", "builtins.BaseException")

_ALL = {"builtins.Exception", "builtins.BaseException"}
_FLUSH_ONLY = {"sqlalchemy.orm.exc.StaleDataError", "sqlalchemy.orm.exc.FlushError"}
_DETACHED = {
    "sqlalchemy.orm.exc.DetachedInstanceError",
    "sqlalchemy.exc.MissingGreenlet",
}
_MORE = {"sqlalchemy.exc.SQLAlchemyError", "sqlalchemy.exc.InvalidRequestError", "sqlalchemy.exc.StatementError"}


def lineage(machine: Machine, symbol: Symbol | None) -> tuple[str, ...]:
    """The canonical names of an exception class and its bases, the class first; empty where it is not known."""
    if isinstance(symbol, ClassSymbol):
        names = [f"{symbol.id.file}:{symbol.id.index}"]
        for base in machine.program.mro(symbol.id):
            if isinstance(base, ClassSymbol):
                names.append(f"{base.id.file}:{base.id.index}")
            else:
                names += lineage(machine, base)
        return tuple(dict.fromkeys(names))
    if isinstance(symbol, External):
        return tuple(dict.fromkeys(_external(symbol.name)))
    return ()


def _named(machine: Machine, frame: Frame, expr: ops.Expr) -> tuple[str, ...]:
    """The lineage of the class that an expression names; looked up once a root, and not each time that a path comes by."""
    known = machine.lineages.get((frame.function, expr.at))
    if known is None:
        machine.lineages[frame.function, expr.at] = known = lineage(machine, machine.program.resolve(frame.function, expr))
    return known


def _external(name: str) -> list[str]:
    found = getattr(builtins, name.removeprefix("builtins."), None) if name.startswith("builtins.") else None
    if isinstance(found, type) and issubclass(found, BaseException):
        return [f"builtins.{base.__name__}" for base in found.__mro__ if issubclass(base, BaseException)]
    chain = [name]
    while chain[-1] in BASES:
        chain.append(BASES[chain[-1]])
    return [*chain, "builtins.Exception", "builtins.BaseException"]


def names_of(machine: Machine, frame: Frame, error: ops.Expr, value: Value, state: PathState) -> tuple[str, ...]:
    """The names of the class that `raise error` raises."""
    found = state.object(value)
    if isinstance(found, Object):
        return lineage(machine, ClassSymbol(found.cls))
    return lineage(machine, machine.program.resolve(frame.function, error.func if isinstance(error, ops.Call) else error))


def _types(handler: ops.Handler) -> tuple[ops.Expr, ...]:
    if handler.type is None:
        return ()
    return _parts(handler.type)


def catches(machine: Machine, frame: Frame, handler: ops.Handler, thrown: Thrown) -> bool | None:
    """Whether a handler takes an exception: True, False, or None for "it may"."""
    if handler.type is None:
        return True
    verdict: bool | None = False
    for expr in _types(handler):
        wanted = _named(machine, frame, expr)
        if not wanted:
            verdict = None
        elif wanted[0] in thrown.names or (not thrown.names and wanted[0] in _ALL):
            return True
        elif not thrown.names or thrown.names[0] in wanted or (thrown.names == FLUSH_ERROR and wanted[0] in _FLUSH_ONLY):
            verdict = None
    return verdict


def is_meant(machine: Machine, frame: Frame, handler: ops.Handler) -> bool:
    """Whether a handler says by its types that it takes what a flush raises."""
    if handler.type is None:
        return True
    lineages = [_named(machine, frame, expr) for expr in _types(handler)]
    heads = [found[0] for found in lineages if found]
    return any(head in FLUSH_ERROR or head in _FLUSH_ONLY or FLUSH_ERROR[0] in _external(head) for head in heads)


def expects_detached(machine: Machine, frame: Frame, context: ops.Expr) -> bool:
    """`pytest.raises(DetachedInstanceError)`, `self.assertRaises(…)`, `suppress(…)`: the read is there to fail."""
    match context:
        case ops.Call(func=ops.Attribute(name=name) | ops.Name(id=name)) if name in _EXPECTING:
            heads = {_named(machine, frame, expr)[:1] for argument in context.args for expr in _parts(argument)}
            return any(head and head[0] in _DETACHED for head in heads)
        case _:
            return False


_SHOWING = {"__repr__", "__str__"}
_EXPECTING = {"raises", "assertRaises", "assertRaisesRegex", "suppress"}


def _parts(argument: ops.Expr) -> tuple[ops.Expr, ...]:
    return argument.items if isinstance(argument, ops.Display) else (argument,)


def guards_detached(machine: Machine, frame: Frame, item: ops.Try) -> bool:
    """Whether a `try` is there for the errors that a detached read raises: it names one of them, or it is an accessor's catch-all."""
    for handler, heads in _caught(machine, frame, item):
        if heads & _DETACHED or ((frame.context or frame.facts.name in _SHOWING) and (handler.type is None or heads & _ALL)):
            return True
    return False


def guards_here(machine: Machine, frame: Frame, item: ops.Try) -> bool:
    """Whether a `try` catches a class of errors that the detached read's is one of: on purpose where it stands around the read itself, but
    not where it is some caller's answer to whatever goes wrong with the database."""
    return any(heads & _MORE for _, heads in _caught(machine, frame, item))


def _caught(machine: Machine, frame: Frame, item: ops.Try) -> Iterator[tuple[ops.Handler, set[str]]]:
    for handler in item.handlers:
        names = {_named(machine, frame, expr)[:1] for expr in _types(handler)}
        yield handler, {name[0] for name in names if name}
