"""SES302 detached-expired-attribute."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.loading_story import expired_by
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import AttributeRead

_CAUSES = ("commit", "rollback", "expire")
_HELP = {
    "commit": "read it before the session ends, `refresh` the instance after the commit, or make the session with `expire_on_commit=False`",
    "rollback": "read it before the rollback; `expire_on_commit=False` does not help, a rollback always expires",
    "expire": "read it, or `refresh` the instance, before the session ends",
}


class DetachedExpiredAttribute(Rule):
    """A mapped attribute is read on an instance that was expired and then detached.

    ## What it does
    Follows instances through `commit()`, `rollback()`, `expire()` and the flushes that leave columns for the database to fill in, to the
    end of their session and on to the places that read them. `expire_on_commit` is taken from the factory that made the session, wherever
    in the program that stands; leaving a `session.begin()` block, and a scope that commits, are commits as well.

    ## Why is this bad?
    Expiring throws away what was in memory, down to the plainest column, and the next read asks the database again. After the session
    has ended there is nobody to ask. It is the usual surprise when a scope that only closes is replaced by one that commits first.

    ## How it fails at run time
    ```text
    Traceback (most recent call last):
      File "example.py", line 4, in example
        return user.name
      ...
    sqlalchemy.orm.exc.DetachedInstanceError: Instance <User at 0x…> is not bound to a Session;
    attribute refresh operation cannot proceed (Background on this error at:
    https://sqlalche.me/e/20/bhk3)
    ```

    ## Example
    ```python
    with SessionLocal() as session:
        user = session.get(User, user_id)
        session.commit()
    return user.name  # expect: SES302
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        user = session.get(User, user_id)
        session.commit()
        return user.name
    ```

    ## Fix safety
    There is no fix: whether to refresh, to read earlier or to keep what is in memory is a decision about how fresh the data has to be.

    ## What is not reported
    An instance of a session of which it is not known whether its commits expire; one that was refreshed, or read, after it was expired;
    a read that is guarded (`inspect(x).expired_attributes`, `x.__dict__`, `except DetachedInstanceError`).

    ## References
    - [SQLAlchemy: expire_on_commit](https://docs.sqlalchemy.org/en/20/orm/session_api.html#sqlalchemy.orm.Session.params.expire_on_commit)
    - [SQLAlchemy: refreshing and expiring](https://docs.sqlalchemy.org/en/20/orm/session_state_management.html#refreshing-expiring)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3)
    """

    code, name = "SES302", "detached-expired-attribute"
    message_formats = (
        "`{attribute}` is read on a detached instance that a commit expired",
        "`{attribute}` is read on a detached instance that a rollback expired",
        "`{attribute}` is read on a detached instance on which it was expired",
    )
    yields_to = ("SES401", "SES402")

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each read of what was expired and cannot be fetched any more."""
        for read in events.of(AttributeRead):
            if read.status == "detached" and read.cause == "expired" and not read.context:
                cause = expired_by(read)
                yield self.finding(
                    program,
                    read.at,
                    self.message_formats[_CAUSES.index(cause)].format(attribute=read.path),
                    function=read.function,
                    history=read.history,
                    help=_HELP[cause],
                    evidence=read.path,
                )
