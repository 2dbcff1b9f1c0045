"""SES104 shared-session."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import SessionShared


class SharedSession(Rule):
    """A session is made once and used by everybody.

    ## What it does
    Reports sessions that come into being when a module is imported, a class body is executed or a `def` with a default argument is: module
    variables (also ones that a function or the constructor of a module's object makes), class attributes, defaults of dataclass fields,
    default arguments.

    ## Why is this bad?
    A session is one connection, one transaction and one set of objects. Every thread and request of the process shares it: one commits
    what another has half done, one failure makes all of them fail until somebody rolls back, objects go on being as they were when first
    read, and two threads at once corrupt its state.

    ## How it fails at run time
    One request adds a user that is there already, and answers with an error. Another one, in another thread, only reads:
    ```text
    409
    Traceback (most recent call last):
      File "main.py", line 17, in reads
        print(repository.session.get_one(User, 2).name)
      ...
    sqlalchemy.exc.PendingRollbackError: This Session's transaction has been rolled back due to a
    previous exception during flush. To begin a new transaction with this Session, first issue
    Session.rollback(). Original exception was: (sqlite3.IntegrityError) UNIQUE constraint failed:
    users.name
    [SQL: INSERT INTO users (name) VALUES (?)]
    [parameters: ('Ann',)]
    (Background on this error at: https://sqlalche.me/e/20/gkpj) (Background on this error at:
    https://sqlalche.me/e/20/7s2a)
    ```

    ## Example
    ```python
    class OrderRepository:
        session = SessionLocal()  # expect: SES104
    ```
    Use instead:
    ```python
    class OrderRepository:
        def __init__(self, session: Session) -> None:
            self.session = session
    ```

    ## Fix safety
    There is no fix yet.

    ## What is not reported
    A `scoped_session`, which is a session for each thread; factories; sessions that are closed before the import ends; sessions of a
    script, under `if __name__ == "__main__"` or used only where they stand.

    ## References
    - [SQLAlchemy: is the session thread-safe?](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#is-the-session-thread-safe-is-asyncsession-safe-to-share-in-concurrent-tasks)
    - [SQLAlchemy: isce](https://sqlalche.me/e/20/isce)
    - [SQLAlchemy: 7s2a](https://sqlalche.me/e/20/7s2a)
    """

    code, name = "SES104", "shared-session"
    message_formats = ("the session is {how}: everybody shares its connection and its transaction",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each call that makes such a session."""
        for shared in events.of(SessionShared):
            yield self.finding(
                program,
                shared.at,
                self.message_formats[0].format(how=shared.how),
                function=shared.function,
                history=shared.history,
                help="keep the `sessionmaker`, and open a session in a `with` statement where one is needed",
                evidence=shared.how,
            )
