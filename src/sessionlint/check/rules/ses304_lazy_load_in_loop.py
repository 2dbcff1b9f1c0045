"""SES304 lazy-load-in-loop."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.loading_story import missing_option, told
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import AttributeRead


class LazyLoadInLoop(Rule):
    """A relationship or deferred column is loaded lazily in each turn of a loop.

    ## What it does
    Reports reads that emit SQL, on instances that differ from turn to turn: in the body of a `for`, in a comprehension, and in the
    functions, properties and methods called there.

    ## Why is this bad?
    One query becomes one and as many again as there are rows (N+1). With ten rows nobody notices; with ten thousand the page stands still.

    ## How it fails at run time
    The statements that SQLAlchemy runs, between what the loop prints:
    ```text
    SELECT users.id, users.name FROM users
    SELECT orders.id, orders.number, orders.user_id FROM orders WHERE ? = orders.user_id  (1,)
    Ann 2
    SELECT orders.id, orders.number, orders.user_id FROM orders WHERE ? = orders.user_id  (2,)
    Bob 1
    3 statements for 2 users
    ```

    ## Example
    ```python
    with SessionLocal() as session:
        for user in session.scalars(select(User)):
            print(user.name, len(user.orders))  # expect: SES304
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        for user in session.scalars(select(User).options(selectinload(User.orders))):
            print(user.name, len(user.orders))
    ```

    ## Fix safety
    Unsafe: `eager-load` adds the option to every query from which the read is reached, so that it loads more for all that use it. The
    objects are the same, and no row comes or goes: collections get `selectinload`, a to-one `joinedload`, or `selectinload` too where the
    query groups, locks or removes duplicates. Left alone are queries that serve several models, that are written in SQL or are part of a
    set operation, attributes that only a subclass has, and queries with other options that the new one would contradict. Where the
    loop mostly stops early, or reads the relationship only for a few rows, the lazy load may be the cheaper way.

    ## What is not reported
    A read on one and the same instance in all turns, which is loaded once; expired columns, which are fetched one instance at a time
    after a commit; a many-to-one whose target is in memory already; anything that raises, which other rules report.

    ## References
    - [SQLAlchemy: relationship loading techniques](https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html)
    """

    code, name = "SES304", "lazy-load-in-loop"
    message_formats = ("`{attribute}` is loaded by a query of its own in every turn of the loop",)
    codemods = ("eager-load",)
    default = False

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each read that runs a query of its own in every turn."""
        for read in events.of(AttributeRead):
            if read.status == "attached" and read.cause in {"not-loaded", "deferred"} and read.in_loop and not read.context:
                option, at = missing_option(program, read)
                finding = self.finding(
                    program,
                    read.at,
                    self.message_formats[0].format(attribute=read.path),
                    function=read.function,
                    history=read.history,
                    help=f"add `{option}` to the query" if at else "load it with the query that the loop goes through",
                    help_at=at,
                    evidence=read.path,
                )
                yield told(finding, program, read)
