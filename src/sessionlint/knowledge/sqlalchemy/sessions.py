"""Session classes and factories by canonical name, and what their methods do.

Source: https://docs.sqlalchemy.org/en/20/orm/session_api.html and https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html
"""

from __future__ import annotations

SESSIONS = frozenset({"sqlalchemy.orm.Session", "flask_sqlalchemy.session.Session"})
ASYNC_SESSIONS = frozenset({"sqlalchemy.ext.asyncio.AsyncSession"})
FACTORIES = frozenset({"sqlalchemy.orm.sessionmaker", "sqlalchemy.orm.create_session"})
ASYNC_FACTORIES = frozenset({"sqlalchemy.ext.asyncio.async_sessionmaker"})
SCOPED = frozenset({"sqlalchemy.orm.scoped_session", "sqlalchemy.ext.asyncio.async_scoped_session"})

CONNECTIONS = frozenset({"sqlalchemy.Connection", "sqlalchemy.ext.asyncio.AsyncConnection"})

EXECUTES = frozenset({"execute", "scalars", "scalar", "exec", "stream", "stream_scalars"})
"""Methods of a session that run a statement."""

WORKING = EXECUTES | {
    "add",
    "add_all",
    "begin",
    "begin_nested",
    "bulk_insert_mappings",
    "bulk_save_objects",
    "bulk_update_mappings",
    "commit",
    "connection",
    "delete",
    "expire",
    "expire_all",
    "flush",
    "get",
    "get_one",
    "merge",
    "prepare",
    "query",
    "refresh",
    "rollback",
    "run_sync",
    "stream",
}
"""Methods for which a session begins a transaction, so that it has to be closed afterwards."""

FLUSHING = frozenset({"commit", "flush", "prepare", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"})
"""Methods that write what is pending; when that fails the session waits for a rollback."""

CHANGING = frozenset({"add", "add_all", "delete", "merge"})
"""Methods after which there is something to flush."""

LOADING = EXECUTES | {"get", "get_one", "merge", "refresh", "run query"}
"""Methods that flush first where the session does so by itself (`autoflush`)."""

QUIET = frozenset(
    {
        "add",
        "add_all",
        "begin",
        "bind",
        "close",
        "close_all",
        "expire",
        "expire_all",
        "expunge",
        "expunge_all",
        "get_bind",
        "in_transaction",
        "is_active",
        "is_modified",
        "query",
        "reset",
        "rollback",
    }
)
"""Methods of a session that practically never raise, so that no cleanup has to be planned for it."""
