"""Who would notice that a scope raises another error than the one that passed it: handlers around the site, in its callers, and the
framework's."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.rewrite.reading.walk import dotted

BROAD = frozenset({"Exception", "BaseException"})
_BUILTIN_ERRORS = frozenset(
    "ValueError TypeError KeyError AttributeError IndexError LookupError RuntimeError OSError IOError ZeroDivisionError ArithmeticError "
    "NameError ImportError ModuleNotFoundError StopIteration NotImplementedError UnicodeError "
    "FileNotFoundError PermissionError AssertionError "
    "TimeoutError ConnectionError OverflowError KeyboardInterrupt SystemExit MemoryError "
    "RecursionError GeneratorExit UnboundLocalError".split()
)
_DATABASE_ERRORS = (
    "SQLAlchemyError DBAPIError IntegrityError OperationalError ProgrammingError DataError InterfaceError InternalError DatabaseError "
    "StatementError InvalidRequestError NoResultFound MultipleResultsFound DetachedInstanceError PendingRollbackError DisconnectionError "
    "StaleDataError FlushError ResourceClosedError ArgumentError NotSupportedError CompileError UnboundExecutionError ObjectDeletedError"
)
DATABASE_ERRORS = frozenset(_DATABASE_ERRORS.split())


def caught_types(handler: ops.Handler) -> Iterator[str]:
    """The last parts of the names of the types that a handler catches; `Exception` for a bare `except:`."""
    if handler.type is None:
        yield "Exception"
        return
    types: tuple[Expr, ...] = handler.type.items if isinstance(handler.type, ops.Display) else (handler.type,)
    for type in types:
        yield dotted(type).rpartition(".")[2]


def is_broad(handler: ops.Handler) -> bool:
    """Whether the handler catches every error."""
    return any(name in BROAD for name in caught_types(handler))


def may_catch_database_error(handler: ops.Handler) -> bool:
    """Whether an error of the database may end in this handler; a type that is not known may be one."""
    return any(name not in _BUILTIN_ERRORS for name in caught_types(handler))
