"""SES102 session-leak."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import SessionLeaked

_WAYS = ("normal", "exception", "rebound")
"""In the order in which they are told, and in that of the messages."""


class SessionLeak(Rule):
    """A session is opened and not closed on every path.

    ## What it does
    Follows each session from the call that opens it, through the functions that it is handed to, to every way out of the function that
    owns it: returns, exceptions, the end of a loop's turn. Reports the opening call if the session is still open on one of them and
    nobody else holds it.

    ## Why is this bad?
    An open session that has been used keeps a connection of the pool. Garbage collection may give it back, but nobody knows when:
    tracebacks, reference cycles and other interpreters keep it alive. When the pool is empty every request waits, then fails.

    ## How it fails at run time
    Sixteen calls of the example with an id that no user has, on a pool of 15 connections, before the garbage collector comes by:
    ```text
    15 of 15 connections are taken
    Traceback (most recent call last):
      File "example.py", line 2, in example
        user = session.get(User, user_id)
      ...
    sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed
    out, timeout 0.10 (Background on this error at: https://sqlalche.me/e/20/3o7r)
    ```

    ## Example
    ```python
    session = SessionLocal()  # expect: SES102
    user = session.get(User, user_id)
    if user is None:
        return None
    session.close()
    return user.name
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        user = session.get(User, user_id)
        return user.name if user is not None else None
    ```

    ## Fix safety
    There is no fix yet.

    ## What is not reported
    A session that is returned, yielded, stored on an object or handed to something that outlives the function: whoever gets it owns it.
    A session that a `scoped_session` hands out belongs to the registry. One that is never used holds no connection.

    ## References
    - [SQLAlchemy: closing](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#closing)
    - [SQLAlchemy: 3o7r](https://sqlalche.me/e/20/3o7r)
    """

    code, name = "SES102", "session-leak"
    message_formats = (
        "session is not closed on every path out of {function}",
        "session is not closed when an exception leaves {function}",
        "session is still open when its name is bound to another one in {function}",
    )

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each call that opens a session; a path without an exception is the better one to tell."""
        leaks: dict[tuple[str, int, int], SessionLeaked] = {}
        for leak in sorted(events.of(SessionLeaked), key=lambda leak: (_WAYS.index(leak.how), len(leak.history.steps()))):
            leaks.setdefault((leak.at.file, leak.at.range.row, leak.at.range.column), leak)
        for leak in leaks.values():
            qualname = program.function(leak.function).qualname
            name = "the module" if qualname == "<module>" else f"`{qualname}`"
            yield self.finding(
                program,
                leak.at,
                self.message_formats[_WAYS.index(leak.how)].format(function=name),
                function=leak.function,
                history=leak.history,
                help="open the session in a `with` statement, or close it in a `finally` that begins right after it",
                evidence=f"session of {qualname}",
            )
