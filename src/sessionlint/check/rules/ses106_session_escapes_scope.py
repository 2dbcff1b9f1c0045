"""SES106 session-escapes-scope."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import SessionEscaped


class SessionEscapesScope(Rule):
    """The session of a `with` is returned, or stored on something that outlives the block.

    ## What it does
    Reports the `return` or the assignment by which a session, or an object, a method or a closure that holds it, gets out of the block
    that closes it.

    ## Why is this bad?
    Whoever gets the session gets a closed one. It does not say so: at its next use it begins again, takes a connection, and nobody is left
    to give that back. What was loaded inside the block is detached already.

    ## How it fails at run time
    The caller runs a statement with what it was given, and nobody gives the connection back:
    ```text
    ['A-1', 'A-2', 'B-1']
    connections still taken: 1
    ```

    ## Example
    ```python
    with SessionLocal() as session:
        return session  # expect: SES106
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        return session.scalars(select(Order.number)).all()
    ```

    ## Fix safety
    There is no fix.

    ## What is not reported
    A session that is yielded; rows and objects that only read from it; blocks that do not close the session (`session.begin()`); an
    attribute that is set back before the block ends.

    ## References
    - [SQLAlchemy: closing](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#closing)
    - [SQLAlchemy: 3o7r](https://sqlalche.me/e/20/3o7r)
    """

    code, name = "SES106", "session-escapes-scope"
    message_formats = ("the session is {how} here, and the block closes it",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each way out."""
        for escaped in events.of(SessionEscaped):
            yield self.finding(
                program,
                escaped.at,
                self.message_formats[0].format(how=escaped.how),
                function=escaped.function,
                history=escaped.history,
                help="hand out a context manager (`yield` the session), or do the work inside the block and return its result",
                evidence=f"{escaped.how} from {program.function(escaped.function).qualname}",
            )
