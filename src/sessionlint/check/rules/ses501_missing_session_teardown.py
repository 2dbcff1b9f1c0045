"""SES501 missing-session-teardown."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events


class MissingSessionTeardown(Rule):
    """A Flask application keeps a session per request and registers no teardown that closes or removes it.

    ## What it does
    Looks for sessions that are put on `g`, and for `scoped_session` registries that the modules with views use. Reports one that no
    function ends which runs around requests: a teardown or `after_request` handler (of the application or a blueprint, however registered,
    and what it calls), a decorator, or a context manager.

    ## Why is this bad?
    A registry belongs to the thread, not to the request. Without `remove()` the next request of the thread goes on in the transaction of
    the last one, sees what was true then, and after an error nothing but the error; and each thread keeps a connection of the pool.

    ## How it fails at run time
    Sixteen requests to a view that reads with `g.db`, on a pool of 15 connections, before the garbage collector comes by:
    ```text
    15 of 15 connections are taken
    Traceback (most recent call last):
      File "main.py", line 12, in show
        return g.db.get_one(User, user_id).name
      ...
    sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed
    out, timeout 0.10 (Background on this error at: https://sqlalche.me/e/20/3o7r)
    ```

    ## Example
    ```python
    from flask import Flask, g

    app = Flask(__name__)

    @app.before_request
    def open_session():
        g.db = SessionLocal()  # expect: SES501
    ```
    Use instead:
    ```python
    from flask import Flask, g

    app = Flask(__name__)

    @app.before_request
    def open_session():
        g.db = SessionLocal()

    @app.teardown_request
    def close_session(error=None):
        if "db" in g:
            g.pop("db").close()
    ```

    ## Fix safety
    There is no fix yet.

    ## What is not reported
    Programs without a Flask application, or with a teardown handler that is not part of the program; Flask-SQLAlchemy, which does it
    itself; registries that no module with views imports.

    ## References
    - [Flask: SQLAlchemy](https://flask.palletsprojects.com/en/stable/patterns/sqlalchemy/)
    - [SQLAlchemy: thread-local scope](https://docs.sqlalchemy.org/en/20/orm/contextual.html)
    - [SQLAlchemy: 3o7r](https://sqlalche.me/e/20/3o7r)
    """

    code, name = "SES501", "missing-session-teardown"
    message_formats = (
        "nothing ends the session in `g.{name}` when a request is over",
        "nothing ends the registry `{name}` when a request is over",
    )

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each session of a request that nothing ends."""
        for kept in program.unended_sessions:
            how = f"`g.{kept.name}`" if kept.kind == "g" else f"calls `{kept.name}.remove()`"
            yield self.finding(
                program,
                kept.at,
                self.message_formats[0 if kept.kind == "g" else 1].format(name=kept.name),
                function=kept.function,
                help=f"register a `teardown_appcontext` function that {'closes ' if kept.kind == 'g' else ''}{how}",
                evidence=kept.name,
            )
