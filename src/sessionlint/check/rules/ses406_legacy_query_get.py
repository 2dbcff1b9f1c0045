"""SES406 legacy-query-get."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import QueryGet


class LegacyQueryGet(Rule):
    """`Query.get()` is called.

    ## What it does
    Reports `session.query(X).get(pk)`, also with options in between, through a variable, and as `X.query.get(pk)`.

    ## Why is this bad?
    `Query.get()` is legacy since SQLAlchemy 1.4: it warns since 2.0, it has no counterpart on `AsyncSession`, and it looks like a query
    although it answers from the identity map where it can. `Session.get()` does the same and says so.

    ## How it fails at run time
    It goes on working, and SQLAlchemy warns where its deprecation warnings are shown:
    ```text
    example.py:2: LegacyAPIWarning: The Query.get() method is considered legacy as of the 1.x series
    of SQLAlchemy and becomes a legacy construct in 2.0. The method is now available as
    Session.get() (deprecated since: 2.0) (Background on SQLAlchemy 2.0 at:
    https://sqlalche.me/e/b8d9)
    Ann
    ```

    ## Example
    ```python
    with SessionLocal() as session:
        return session.query(User).get(user_id).name  # expect: SES406
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        return session.get(User, user_id).name
    ```

    ## Fix safety
    Safe where the program needs SQLAlchemy 1.4 for other reasons and only sessions have a method `query`, for both methods are one inside
    SQLAlchemy: same identity map, same locks, same errors. Unsafe elsewhere. `options()`, `populate_existing()`, `with_for_update()` and
    `execution_options()` become arguments. Left alone are a query that is built elsewhere, other calls in between, sessions or queries of
    the program that may have a `get()` of their own, `X.query` where no Flask-SQLAlchemy `db` is imported, and mocked queries.

    ## What is not reported
    `get` of anything that is not known to be a SQLAlchemy query, and Flask-SQLAlchemy's `get_or_404`.

    ## References
    - [SQLAlchemy 2.0 migration: ORM query, get()](https://docs.sqlalchemy.org/en/20/changelog/migration_20.html#orm-query-get-method-moves-to-session)
    - [SQLAlchemy: b8d9](https://sqlalche.me/e/20/b8d9)
    """

    code, name = "SES406", "legacy-query-get"
    message_formats = ("`Query.get()` is legacy",)
    codemods = ("query-get",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each call."""
        for call in events.of(QueryGet):
            model = program.models.get(call.model) if call.model is not None else None
            called = model.name if model is not None else "Model"
            yield self.finding(
                program,
                call.at,
                self.message_formats[0],
                function=call.function,
                history=call.history,
                help=f"call `session.get({called}, …)`",
                evidence=f"{called}.get",
            )
