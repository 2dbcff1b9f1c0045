"""SES305 raise-on-lazy-access."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.loading_story import missing_option, told
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import AttributeRead


class RaiseOnLazyAccess(Rule):
    """A relationship under `lazy="raise"` or `raiseload()` is read where no option loaded it.

    ## What it does
    Takes `lazy="raise"` and `lazy="raise_on_sql"` from the models and `raiseload()`, wildcards and `sql_only=True` included, from the
    queries, and reports the reads that they forbid. With `raise_on_sql` a read that needs no SQL is fine. Columns deferred with
    `raiseload=True` are treated alike.

    ## Why is this bad?
    The read raises, always: it was declared so, that nobody loads by accident. What is missing is an option on the query that this code
    path starts from.

    ## How it fails at run time
    ```text
    Traceback (most recent call last):
      File "example.py", line 3, in example
        print(len(user.orders))
      ...
    sqlalchemy.exc.InvalidRequestError: 'User.orders' is not available due to lazy='raise'
    ```

    ## Example
    ```python
    with SessionLocal() as session:
        user = session.get_one(User, user_id, options=[raiseload(User.orders)])
        print(len(user.orders))  # expect: SES305
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        user = session.get_one(User, user_id, options=[selectinload(User.orders), raiseload("*")])
        print(len(user.orders))
    ```

    ## Fix safety
    Unsafe: `eager-load` adds the option to every query from which the read is reached, so that it loads more for all that use it. The
    objects are the same, and no row comes or goes: collections get `selectinload`, a to-one `joinedload`, or `selectinload` too where the
    query groups, locks or removes duplicates. Left alone are queries that serve several models, that are written in SQL or are part of a
    set operation, attributes that only a subclass has, and queries with other options that the new one would contradict. A
    `raiseload()` of the attribute itself in the query becomes the option; wildcards stay.

    ## What is not reported
    A relationship that was assigned, refreshed by name or loaded by the query; with `raise_on_sql`, a many-to-one whose target may be in
    memory already.

    ## References
    - [SQLAlchemy: preventing unwanted lazy loads using raiseload](https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html#prevent-lazy-with-raiseload)
    """

    code, name = "SES305", "raise-on-lazy-access"
    message_formats = ("`{attribute}` is read where it may not be loaded lazily, and nothing loaded it",)
    codemods = ("eager-load",)
    yields_to = ("SES401",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each read that the model or the query forbids."""
        for read in events.of(AttributeRead):
            if read.cause == "raise" and not read.context:
                option, at = missing_option(program, read)
                finding = self.finding(
                    program,
                    read.at,
                    self.message_formats[0].format(attribute=read.path),
                    function=read.function,
                    history=read.history,
                    help=f"add `{option}` to the query" if at else f"load `{read.path}` with the query",
                    help_at=at,
                    evidence=read.path,
                )
                yield told(finding, program, read)
