"""SES505 unhandled-detached-error."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events


class UnhandledDetachedError(Rule):
    """An application registers no handler for `DetachedInstanceError`.

    ## What it does
    Reports where a Flask, Quart, FastAPI or Starlette application is made, in a program with mapped classes in which nothing registers a
    handler for `DetachedInstanceError` or an ancestor of it (`SQLAlchemyError`, `Exception`), or for status 500.

    ## Why is this bad?
    The error comes from a place that looks harmless, and a user sees whatever the server makes of an exception. A handler can answer with a
    page that does not touch the instance, and log which one it was.

    ## How it fails at run time
    A view reads orders of a user who is detached. What the visitor sees:
    ```text
    500 INTERNAL SERVER ERROR
    The server encountered an internal error and was unable to complete your request. Either the
    server is overloaded or there is an error in the application.
    ```

    ## Example
    ```python
    from flask import Flask

    app = Flask(__name__)  # expect: SES505


    @app.get("/users/<int:user_id>")
    def show(user_id):
        with SessionLocal() as session:
            return session.get_one(User, user_id).name
    ```
    Use instead:
    ```python
    from flask import Flask
    from sqlalchemy.orm.exc import DetachedInstanceError

    app = Flask(__name__)


    @app.errorhandler(DetachedInstanceError)
    def stale(error):
        return "please reload", 503


    @app.get("/users/<int:user_id>")
    def show(user_id):
        with SessionLocal() as session:
            return session.get_one(User, user_id).name
    ```

    ## Fix safety
    There is no fix yet.

    ## What is not reported
    Programs without mapped classes, or with a handler for a class that cannot be told; a middleware that catches such an error handles it.

    ## References
    - [Flask: handling application errors](https://flask.palletsprojects.com/en/stable/errorhandling/)
    - [FastAPI: handling errors](https://fastapi.tiangolo.com/tutorial/handling-errors/)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3)
    """

    code, name = "SES505", "unhandled-detached-error"
    message_formats = ("the application registers no handler for `DetachedInstanceError`",)
    default = False

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each application."""
        for at, function in program.applications.without_handler():
            help = "register a handler for `sqlalchemy.orm.exc.DetachedInstanceError`"
            yield self.finding(program, at, self.message_formats[0], function=function, help=help, evidence="DetachedInstanceError")
