"""SQLAlchemy's exception classes and what each derives from (https://docs.sqlalchemy.org/en/20/core/exceptions.html)."""

from __future__ import annotations

_ROOT = "sqlalchemy.exc.SQLAlchemyError"

BASES: dict[str, str] = {
    **{
        f"sqlalchemy.exc.{name}": "sqlalchemy.exc.DatabaseError"
        for name in ("DataError", "IntegrityError", "InternalError", "NotSupportedError", "OperationalError", "ProgrammingError")
    },
    "sqlalchemy.exc.DatabaseError": "sqlalchemy.exc.DBAPIError",
    "sqlalchemy.exc.InterfaceError": "sqlalchemy.exc.DBAPIError",
    "sqlalchemy.exc.DBAPIError": "sqlalchemy.exc.StatementError",
    "sqlalchemy.exc.StatementError": _ROOT,
    "sqlalchemy.exc.InvalidRequestError": _ROOT,
    "sqlalchemy.exc.NoResultFound": "sqlalchemy.exc.InvalidRequestError",
    "sqlalchemy.exc.MultipleResultsFound": "sqlalchemy.exc.InvalidRequestError",
    "sqlalchemy.exc.PendingRollbackError": "sqlalchemy.exc.InvalidRequestError",
    "sqlalchemy.exc.MissingGreenlet": "sqlalchemy.exc.InvalidRequestError",
    "sqlalchemy.exc.ArgumentError": _ROOT,
    "sqlalchemy.exc.TimeoutError": _ROOT,
    "sqlalchemy.orm.exc.NoResultFound": "sqlalchemy.exc.NoResultFound",
    "sqlalchemy.orm.exc.MultipleResultsFound": "sqlalchemy.exc.MultipleResultsFound",
    "sqlalchemy.orm.exc.DetachedInstanceError": _ROOT,
    "sqlalchemy.orm.exc.ObjectDeletedError": "sqlalchemy.exc.InvalidRequestError",
    "sqlalchemy.orm.exc.StaleDataError": _ROOT,
    "sqlalchemy.orm.exc.FlushError": _ROOT,
    "sqlalchemy.orm.exc.UnmappedError": "sqlalchemy.exc.InvalidRequestError",
}
"""Each class's base, by canonical name; what is not listed derives from `Exception`."""
