"""SES301 detached-lazy-load."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.loading_story import missing_option, told
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import AttributeRead


class DetachedLazyLoad(Rule):
    """A relationship or deferred column is read on a detached instance on which it is not loaded.

    ## What it does
    Follows instances from the query that loads them, through returns, arguments, attributes and containers and across modules, to the
    places that read their relationships and deferred columns. Reports a read that comes after the session has ended, of something that
    neither the query's loader options nor the model's `lazy=` had loaded by then.

    ## Why is this bad?
    The read needs SQL, and the instance has no session any more to run it on. It fails only when it is reached: a test whose session
    stays open, or whose object was loaded a moment before, passes.

    ## How it fails at run time
    ```text
    Traceback (most recent call last):
      File "example.py", line 3, in example
        return [order.number for order in user.orders]
      ...
    sqlalchemy.orm.exc.DetachedInstanceError: Parent instance <User at 0x…> is not bound to a
    Session; lazy load operation of attribute 'orders' cannot proceed (Background on this error at:
    https://sqlalche.me/e/20/bhk3)
    ```

    ## Example
    ```python
    with SessionLocal() as session:
        user = session.get(User, user_id)
    return [order.number for order in user.orders]  # expect: SES301
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        user = session.get(User, user_id, options=[selectinload(User.orders)])
    return [order.number for order in user.orders]
    ```

    ## Fix safety
    Unsafe: `eager-load` adds the option to every query from which the read is reached, so that it loads more for all that use it. The
    objects are the same, and no row comes or goes: collections get `selectinload`, a to-one `joinedload`, or `selectinload` too where the
    query groups, locks or removes duplicates. Left alone are queries that serve several models, that are written in SQL or are part of a
    set operation, attributes that only a subclass has, and queries with other options that the new one would contradict. Moving
    the read into the scope costs nothing where the scope is near.

    ## What is not reported
    A read of which not the whole story is known, from the query to the end of the session; one that is guarded (`inspect(x).unloaded`,
    `x.__dict__`, `except DetachedInstanceError`); a plain column that was expired; an attached instance, whose lazy load works.

    ## References
    - [SQLAlchemy: relationship loading techniques](https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3)
    """

    code, name = "SES301", "detached-lazy-load"
    message_formats = (
        "`{attribute}` is read on a detached `{model}` that never loaded it",
        "deferred column `{attribute}` is read on a detached `{model}` that never loaded it",
    )
    codemods = ("eager-load",)
    yields_to = ("SES401", "SES404")

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each read of what is neither in memory nor to be had."""
        for read in events.of(AttributeRead):
            if read.status == "detached" and read.cause in {"not-loaded", "deferred"} and not read.context:
                yield told(self._finding(program, read), program, read)

    def _finding(self, program: Program, read: AttributeRead) -> Finding:
        message = self.message_formats[1 if read.cause == "deferred" else 0]
        model = program.models[read.model].name
        option, at = missing_option(program, read)
        return self.finding(
            program,
            read.at,
            message.format(attribute=read.path, model=model),
            function=read.function,
            history=read.history,
            help=f"add `{option}` to the query" if at else f"read `{read.path}` before the session ends",
            help_at=at,
            evidence=read.path,
        )
