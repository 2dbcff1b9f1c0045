"""SES101 direct-session-acquisition."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events


class DirectSessionAcquisition(Rule):
    """A session is taken from a configured acquirer instead of a scope.

    ## What it does
    Reports calls of the functions that `sessions.acquirers` names, by default `db_manager.get_session()`, however the manager is reached:
    through `self`, an import under another name, `current_app`, a local variable.

    ## Why is this bad?
    Who takes a session by hand has to commit, roll back and close it by hand, on every path. A scope (a `with` block that hands out a
    session and ends it) does so in one place for all of the application. Sessions that bypass it do not take part in the request's
    transaction, and are the ones that leak.

    ## How it fails at run time
    The session has a connection and a transaction of its own, beside those of the request. Where a request has added a user that is not
    committed yet, the wrong example does not see it:
    ```text
    the request has   ['Ann', 'Bob', 'Cy']
    the example finds ['Ann', 'Bob']
    ```

    ## Example
    ```python
    session = db_manager.get_session()  # expect: SES101
    try:
        return session.scalars(select(User.name)).all()
    finally:
        session.close()
    ```
    Use instead:
    ```python
    with unified_session_manager.get_db_session() as session:
        return session.scalars(select(User.name)).all()
    ```

    ## Fix safety
    `sessionlint migrate` rewrites such calls into scopes. Handlers stay and see the errors they saw; changes that `close()` dropped are
    rolled back; instances that are read after the block are forgotten by the session (`expunge_all()`) before the scope commits and would
    expire them. Left alone, and listed with the reason, are sites at which that is not enough: the session or a query leaves the block,
    instances leave it with changes pending or by an exception, no scope at hand lets pass the errors that somebody looks at.

    ## Options
    - `sessions.acquirers`: the functions that hand out sessions nobody ends
    - `sessions.closers`: what ends such a session, by which a scope of the program is known
    - `migrate.routes`, `migrate.default`: the scopes to use instead

    ## What is not reported
    The acquirer's definition, the acquisition inside a scope (a `@contextmanager` that yields the session and closes it has to take it
    somewhere), and the bare function handed to something that calls it (`Scope(db_manager.get_session)`).

    ## References
    - [SQLAlchemy: session basics](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#when-do-i-construct-a-session-when-do-i-commit-it-and-when-do-i-close-it)
    - [SQLAlchemy: 3o7r](https://sqlalche.me/e/20/3o7r)
    """

    code, name = "SES101", "direct-session-acquisition"
    message_formats = ("session is taken directly from `{acquirer}()`",)
    codemods = ("scope",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each acquisition that is not what a scope is made of."""
        for acquisition in program.acquisitions:
            if acquisition.function in program.scopes:
                continue
            yield self.finding(
                program,
                acquisition.at,
                self.message_formats[0].format(acquirer=acquisition.acquirer),
                function=acquisition.function,
                help="take the session from a scope in a `with` statement, as `sessionlint migrate` would",
                evidence=acquisition.acquirer,
            )
