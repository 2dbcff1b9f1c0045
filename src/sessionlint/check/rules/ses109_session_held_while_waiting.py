"""SES109 session-held-while-waiting."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import SessionHeld


class SessionHeldWhileWaiting(Rule):
    """A session keeps its connection while the program waits for something else.

    ## What it does
    Follows a session from the first statement that it runs to the commit, rollback or close that gives its connection back. Reports calls
    in between that wait: requests over the network (requests, httpx, aiohttp, urllib, smtplib, boto3, …), `sleep`, other processes,
    language models, and responses that stream what a generator reads from the session.

    ## Why is this bad?
    A connection that waits is one that nobody else can use, and its transaction holds its locks all the while. When the other side is slow
    a handful of requests is enough to use up the pool, and the whole application stands still.

    ## How it fails at run time
    What the pool says while the example sleeps:
    ```text
    connections taken: 1
    ```
    With as many of them at once as the pool has connections, everybody else waits for `pool_timeout` and fails (SES102).

    ## Example
    ```python
    import time

    with SessionLocal() as session:
        user = session.get(User, user_id)
        time.sleep(0.1)  # expect: SES109
    ```
    Use instead:
    ```python
    import time

    with SessionLocal() as session:
        user = session.get(User, user_id)
    time.sleep(0.1)
    ```

    ## Fix safety
    There is no fix.

    ## What is not reported
    Waits before the first statement, and after a commit, rollback or close; `sleep(0)`; libraries that are not known to wait.

    ## References
    - [SQLAlchemy: when do I construct a session, when do I commit it, and when do I close it](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#when-do-i-construct-a-session-when-do-i-commit-it-and-when-do-i-close-it)
    - [SQLAlchemy: 3o7r](https://sqlalche.me/e/20/3o7r)
    """

    code, name = "SES109", "session-held-while-waiting"
    message_formats = ("the session holds its connection during {wait}",)
    default = False

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each call."""
        for wait in events.of(SessionHeld):
            yield self.finding(
                program,
                wait.at,
                self.message_formats[0].format(wait=wait.what),
                function=wait.function,
                history=wait.history,
                help="read what is needed, end the session, wait, and open another one for what comes of it",
                evidence=f"{wait.what} in {program.function(wait.function).qualname}",
            )
