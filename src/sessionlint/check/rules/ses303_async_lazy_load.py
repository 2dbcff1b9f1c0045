"""SES303 async-lazy-load."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.loading_story import expired_by, missing_option, told
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import AttributeRead

_CAUSES = ("commit", "rollback", "expire")
_HELP = {
    "commit": "`await session.refresh(…)` first, or make the session with `expire_on_commit=False`",
    "rollback": "read it before the rollback, or `await session.refresh(…)` after it; a rollback expires whatever `expire_on_commit` says",
    "expire": "`await session.refresh(…)` first; what an UPDATE makes up (`onupdate`) is fetched at once with `eager_defaults=True`",
}


class AsyncLazyLoad(Rule):
    """An attribute that is not in memory is read under an `AsyncSession`, outside of `run_sync` and `awaitable_attrs`.

    ## What it does
    Follows instances of an `AsyncSession` from the query to the places that read them. Reports a read that needs SQL: of a relationship
    that no option and no `lazy=` loaded, of a deferred column, of anything that a commit, a rollback, an `expire()` or a flush left to be
    fetched.

    ## Why is this bad?
    SQLAlchemy would have to await the database in the middle of an attribute access, which Python cannot. It raises, and does so only where
    nothing happened to have loaded the value before.

    ## How it fails at run time
    Under SQLAlchemy 2.1:
    ```text
    Traceback (most recent call last):
      File "example.py", line 3, in example
        return [order.number for order in user.orders]
      ...
    sqlalchemy.exc.StatementError: (sqlalchemy.exc.MissingGreenlet) greenlet_spawn has not been
    called; can't call await_() here. Was IO attempted in an unexpected place?
    [SQL: SELECT orders.id, orders.number, orders.user_id
    FROM orders
    WHERE ? = orders.user_id]
    [parameters: [{'%(… param)s': 1}]]
    (Background on this error at: https://sqlalche.me/e/20/xd2s)
    ```
    SQLAlchemy 2.0 raises the inner error itself: `sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call
    await_only() here. Was IO attempted in an unexpected place? (Background on this error at: https://sqlalche.me/e/20/xd2s)`

    ## Example
    ```python
    async with AsyncSessionLocal() as session:
        user = await session.get(User, user_id)
        return [order.number for order in user.orders]  # expect: SES303
    ```
    Use instead:
    ```python
    async with AsyncSessionLocal() as session:
        user = await session.get(User, user_id, options=[selectinload(User.orders)])
        return [order.number for order in user.orders]
    ```

    ## Fix safety
    Unsafe: `eager-load` adds the option to every query from which the read is reached, so that it loads more for all that use it. The
    objects are the same, and no row comes or goes: collections get `selectinload`, a to-one `joinedload`, or `selectinload` too where the
    query groups, locks or removes duplicates. Left alone are queries that serve several models, that are written in SQL or are part of a
    set operation, attributes that only a subclass has, and queries with other options that the new one would contradict. What a
    commit expired is left: `await session.refresh(…)`, or `awaitable_attrs`, is for the reader to choose.

    ## What is not reported
    A many-to-one whose target may be in memory already, held by something else; an instance that somebody unknown may have loaded; what
    serializers and response models read, which is SES307.

    ## References
    - [SQLAlchemy: preventing implicit IO](https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#asyncio-orm-avoid-lazyloads)
    - [SQLAlchemy: xd2s](https://sqlalche.me/e/20/xd2s)
    """

    code, name = "SES303", "async-lazy-load"
    message_formats = (
        "`{attribute}` is loaded lazily under an `AsyncSession`",
        "deferred column `{attribute}` is loaded lazily under an `AsyncSession`",
        "`{attribute}` is read under an `AsyncSession` after a commit expired it",
        "`{attribute}` is read under an `AsyncSession` after a rollback expired it",
        "`{attribute}` is read under an `AsyncSession` while it is expired",
    )
    codemods = ("eager-load",)
    yields_to = ("SES401", "SES402", "SES404")

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each read that would have to wait for the database."""
        for read in events.of(AttributeRead):
            if read.status != "async" or read.cause == "raise" or read.context:
                continue
            if read.cause == "expired":
                yield self._expired(program, read)
            else:
                yield told(self._unloaded(program, read), program, read)

    def _expired(self, program: Program, read: AttributeRead) -> Finding:
        cause = expired_by(read)
        message = self.message_formats[2 + _CAUSES.index(cause)].format(attribute=read.path)
        return self.finding(program, read.at, message, function=read.function, history=read.history, help=_HELP[cause], evidence=read.path)

    def _unloaded(self, program: Program, read: AttributeRead) -> Finding:
        message = self.message_formats[1 if read.cause == "deferred" else 0]
        option, at = missing_option(program, read)
        return self.finding(
            program,
            read.at,
            message.format(attribute=read.path),
            function=read.function,
            history=read.history,
            help=f"add `{option}` to the query" if at else f"`await session.refresh(…, [{read.attribute!r}])` first",
            help_at=at,
            evidence=read.path,
        )
