"""SES504 view-without-session-context."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events


class ViewWithoutSessionContext(Rule):
    """A view uses the database without the configured decorator.

    ## What it does
    Reports Flask and Quart views that open or use a session, themselves or in what they call, and are not under one of the decorators in
    `sessions.view-decorators` (`with_db_session` by default).

    ## Why is this bad?
    An application that has agreed on one way to give views their session has one place where it is committed, rolled back and closed. A
    view beside it has rules of its own.

    ## How it fails at run time
    What the decorator does is forgotten in the view, here the commit; the visitor is told that all is well:
    ```text
    200 renamed
    user 1 is called Ann
    ```

    ## Example
    ```python
    from flask import Flask, request

    app = Flask(__name__)


    @app.post("/users/<int:user_id>")
    def rename(user_id):  # expect: SES504
        with SessionLocal() as session:
            session.get_one(User, user_id).name = request.form["name"]
        return "renamed"
    ```
    Use instead:
    ```python
    from flask import Flask, request

    app = Flask(__name__)


    @app.post("/users/<int:user_id>")
    @with_db_session
    def rename(session, user_id):
        session.get_one(User, user_id).name = request.form["name"]
        return "renamed"
    ```

    ## Fix safety
    Unsafe: the decorator opens another session for each request of the view, which keeps its own. It is put right above the `def`. Left
    alone are methods, views that the decorator would call with arguments that they do not take, and all of them if it swallows errors,
    does not use `functools.wraps`, or cannot be imported without a cycle.

    ## Options
    - `sessions.view-decorators`: the decorators that give a view its session

    ## What is not reported
    Views that use no database; functions that views call, and what these do under such a decorator of their own; FastAPI's endpoints, which
    have dependencies for it.

    ## References
    - [Flask: view decorators](https://flask.palletsprojects.com/en/stable/patterns/viewdecorators/)
    """

    code, name = "SES504", "view-without-session-context"
    message_formats = ("the view `{view}` uses the database without a session context",)
    codemods = ("view-decorator",)
    default = False

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each such view."""
        for view in program.applications.views_without_context():
            facts = program.function(view)
            message = self.message_formats[0].format(view=facts.qualname)
            help = "put it under the decorator that gives views their session"
            yield self.finding(program, program.location(view.file, facts.at), message, function=view, help=help, evidence=facts.qualname)
