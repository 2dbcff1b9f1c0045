"""What the analysis of a site knows of methods and functions by name; sources: SQLAlchemy 2.0's `Session`, `Query` and `Result` pages,
Python's and Flask's docs."""

from __future__ import annotations

SESSION_READS = frozenset(
    "query get get_one refresh expire expire_all expunge expunge_all rollback commit close flush is_modified get_bind "
    "no_autoflush in_transaction scalar scalars execute info identity_map dirty new deleted autoflush __contains__".split()
)
"""Session methods that leave nothing to commit (`execute` and its kin depend on their argument)."""

SESSION_BEGINS = frozenset(
    {"begin", "begin_nested", "connection", "prepare", "invalidate", "get_transaction", "close_all", "registry", "remove"}
)
"""Session methods that do not get on with a scope that runs the transaction itself."""

SESSION_ENDS = frozenset({"commit", "rollback", "close"})

EXECUTES = frozenset({"execute", "scalar", "scalars"})

FIRST = frozenset("first one one_or_none scalar scalar_one scalar_one_or_none get fetchone get_or_404 first_or_404 one_or_404".split())
"""Query and result methods that give one row."""

ALL = frozenset("all fetchall fetchmany partitions".split())

COUNTS = frozenset("count exists delete update rowcount".split())
"""Query and result members that give plain values."""

QUERY_WRITES = frozenset({"delete", "update"})

CONTAINER_ADDS = frozenset("append extend add insert update setdefault appendleft extendleft put __setitem__".split())

CONTAINER_CHANGES = CONTAINER_ADDS | frozenset("remove pop clear popleft discard popitem sort reverse".split())

PLAIN_BUILTINS = frozenset(
    "len str int float bool repr sum any all isinstance issubclass hasattr print id hash format abs "
    "round callable type ascii ord chr bytes".split()
)

COLLECTING_BUILTINS = frozenset("list tuple set frozenset sorted dict min max next iter reversed enumerate zip filter map".split())

CONSUMERS = frozenset(
    "jsonify render_template render_template_string flash redirect url_for make_response abort dumps escape join format isoformat strftime "
    "sanitize_for_log startswith endswith split strip lower upper replace encode decode".split()
)
"""External functions that use up their arguments at once and keep nothing of them."""

LOG_METHODS = frozenset("debug info warning warn error exception critical log".split())

READING_SQL = ("select", "explain", "show", "pragma", "describe", "values")
