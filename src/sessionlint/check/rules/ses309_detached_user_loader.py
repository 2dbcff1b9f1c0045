"""SES309 detached-user-loader."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import AttributeRead, UserLoaded


class DetachedUserLoader(Rule):
    """A Flask-Login `user_loader` returns an instance whose session it has closed.

    ## What it does
    Follows `user_loader` and `request_loader` functions, however they are registered, to their returns. Reports one that returns a detached
    instance of which something is expired or has never been loaded.

    ## Why is this bad?
    What the loader returns is `current_user` for the whole request, in every view, decorator and template. None of them can load anything
    of it, and none of them shows why.

    ## How it fails at run time
    A view shows the numbers of the orders of `current_user`:
    ```text
    Traceback (most recent call last):
      File "main.py", line 9, in account
        orders = current_user.orders
      ...
    sqlalchemy.orm.exc.DetachedInstanceError: Parent instance <User at 0x…> is not bound to a
    Session; lazy load operation of attribute 'orders' cannot proceed (Background on this error at:
    https://sqlalche.me/e/20/bhk3)
    ```

    ## Example
    ```python
    from flask_login import LoginManager

    login_manager = LoginManager()

    @login_manager.user_loader
    def load_user(user_id):
        with SessionLocal() as session:
            return session.get(User, int(user_id))  # expect: SES309
    ```
    Use instead:
    ```python
    from flask_login import LoginManager

    login_manager = LoginManager()

    @login_manager.user_loader
    def load_user(user_id):
        with SessionLocal() as session:
            return session.get(User, int(user_id), options=[selectinload(User.orders)])
    ```

    ## Fix safety
    There is no fix yet. A session that lives as long as the request (a `scoped_session` with a teardown, Flask-SQLAlchemy) is the other
    way.

    ## What is not reported
    A loader that returns something else than a mapped instance, or one whose session stays open; a detached instance with everything in
    memory, or of which the query loads relationships, as long as no view reads one that is missing.

    ## References
    - [Flask-Login: how it works](https://flask-login.readthedocs.io/en/latest/#how-it-works)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3)
    """

    code, name = "SES309", "detached-user-loader"
    message_formats = ("the user loader returns a detached `{model}`",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each return of a detached user that cannot be read in full."""
        returns = {step.at for read in events.of(AttributeRead) for step in read.history.steps() if step.role == "return"}
        for loaded in events.of(UserLoaded):
            if loaded.status != "detached" or loaded.model is None or (loaded.is_whole and loaded.at not in returns):
                continue
            model = program.models[loaded.model].name
            yield self.finding(
                program,
                loaded.at,
                self.message_formats[0].format(model=model),
                function=loaded.function,
                history=loaded.history,
                help=f"load what views read of `{model}` with options on the query, or take the request's session",
                evidence=model,
            )
