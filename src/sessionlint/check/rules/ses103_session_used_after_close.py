"""SES103 session-used-after-close."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve import events as seen


class SessionUsedAfterClose(Rule):
    """A session is used after it was closed on the same path.

    ## What it does
    Follows a session over `close()` and over the end of its `with` block to calls that work with the database: queries, `add`, `commit`
    and the rest, in helpers that it is handed to as well.

    ## Why is this bad?
    SQLAlchemy does not raise. The closed session silently begins again, takes a connection from the pool and keeps it, since everybody
    believes that it has been closed. What was loaded before is detached from it.

    ## How it fails at run time
    After the call nobody has the session any more, and its connection is still taken:
    ```text
    connections still taken: 1
    ```
    So it goes on until the pool is empty (SES102), unless the garbage collector comes by first.

    ## Example
    ```python
    with SessionLocal() as session:
        user = session.get(User, user_id)
    count = session.scalar(select(func.count()).select_from(Order))  # expect: SES103
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        user = session.get(User, user_id)
        count = session.scalar(select(func.count()).select_from(Order))
    ```

    ## Fix safety
    There is no fix: either the close comes too early, or the work belongs into a session of its own.

    ## What is not reported
    A session that a `scoped_session` or another registry hands out anew; a session that is closed again after the use on every path; one
    made with `close_resets_only=False`, which raises by itself; `close()`, `rollback()` and `expunge()` after the close, which do nothing.

    ## References
    - [SQLAlchemy: closing](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#closing)
    """

    code, name = "SES103", "session-used-after-close"
    message_formats = ("the session is used (`{operation}`) after it was closed",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each use of a session that has ended."""
        for use in events.of(seen.SessionUsedAfterClose):
            yield self.finding(
                program,
                use.at,
                self.message_formats[0].format(operation=use.operation),
                function=use.function,
                history=use.history,
                help="move the work before the close, or open a session for it in a `with` statement",
                evidence=f"{use.operation} after close",
            )
