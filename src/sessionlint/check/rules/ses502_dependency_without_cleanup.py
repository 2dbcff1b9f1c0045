"""SES502 dependency-without-cleanup."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import DependencyReturnsSession


class DependencyWithoutCleanup(Rule):
    """A FastAPI dependency returns a session instead of yielding it and closing it.

    ## What it does
    Follows what `Depends(...)` puts into the parameters of routes and of other dependencies. Reports the `return` of a dependency that
    opens a session and hands it out, itself or inside an object, where the request ends with the session still open.

    ## Why is this bad?
    FastAPI forgets what a dependency returned: nobody closes the session, and each request keeps a connection until the garbage collector
    comes by. Under load the pool is empty first. A dependency that yields is continued after the request and can close what it opened.

    ## How it fails at run time
    Sixteen requests on a pool of 15 connections, before the garbage collector comes by:
    ```text
    15 of 15 connections are taken
    Traceback (most recent call last):
      File "example.py", line 10, in show
        return session.get_one(User, user_id).name
      ...
    sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed
    out, timeout 0.10 (Background on this error at: https://sqlalche.me/e/20/3o7r)
    ```

    ## Example
    ```python
    app = FastAPI()


    def get_session() -> Session:
        return SessionLocal()  # expect: SES502


    @app.get("/users/{user_id}")
    def show(user_id: int, session: Annotated[Session, Depends(get_session)]) -> str:
        return session.get_one(User, user_id).name
    ```
    Use instead:
    ```python
    app = FastAPI()


    def get_session() -> Iterator[Session]:
        with SessionLocal() as session:
            yield session


    @app.get("/users/{user_id}")
    def show(user_id: int, session: Annotated[Session, Depends(get_session)]) -> str:
        return session.get_one(User, user_id).name
    ```

    ## Fix safety
    Unsafe: the session is closed after the request, also for code that goes on with it later on. The `return` becomes a `yield` inside
    a `with`, or in front of a `finally`; the annotation is a generator's. Left alone is a dependency that other code calls or uses as a
    value, which would get a generator, one that returns in several places, and one that returns an object which holds the session.

    ## What is not reported
    A dependency that nothing depends on; one that returns somebody else's session (the request's, a `scoped_session`); a session
    that is kept where a middleware may close it (`request.state`), or that the background tasks close.

    ## References
    - [FastAPI: dependencies with yield](https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/)
    - [SQLAlchemy: 3o7r](https://sqlalche.me/e/20/3o7r)
    """

    code, name = "SES502", "dependency-without-cleanup"
    message_formats = ("dependency `{dependency}` returns a session and does not close it",)
    codemods = ("yield-dependency",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each `return`."""
        for returned in events.of(DependencyReturnsSession):
            qualname = program.function(returned.function).qualname
            yield self.finding(
                program,
                returned.at,
                self.message_formats[0].format(dependency=qualname),
                function=returned.function,
                history=returned.history,
                help="`yield` the session inside a `with` statement that closes it",
                evidence=f"session of {qualname}",
            )
