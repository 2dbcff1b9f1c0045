"""SES105 missing-rollback."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import FailedSessionUsed


class MissingRollback(Rule):
    """A handler keeps the error of a failed flush, and the session is used again without a rollback.

    ## What it does
    Follows what a failing `flush()` or `commit()` (or a query that flushes first) throws to the handler that keeps it, and the session
    from there on: through the rest of the handler, what comes after it, the next turn of a loop, the callers. Reports the `except` line if
    the session runs another statement, or one of its instances is read, before a `rollback()`.

    ## Why is this bad?
    A flush that fails has rolled back the transaction, and the session refuses everything until it is told so by `rollback()`. One bad row
    makes all the rows after it fail, each with an error that names the first one. In a long-lived session that goes on until the process
    is restarted.

    ## How it fails at run time
    `add_all(["Cy", "Ann", "Di"])`, where Ann is there already:
    ```text
    Traceback (most recent call last):
      File "example.py", line 6, in add_all
        session.commit()
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
    def add_all(names: list[str]) -> None:
        with SessionLocal() as session:
            for name in names:
                session.add(User(name=name))
                try:
                    session.commit()
                except IntegrityError:  # expect: SES105
                    log.info("%s is there already", name)
    ```
    Use instead:
    ```python
    def add_all(names: list[str]) -> None:
        with SessionLocal() as session:
            for name in names:
                session.add(User(name=name))
                try:
                    session.commit()
                except IntegrityError:
                    session.rollback()
                    log.info("%s is there already", name)
    ```

    ## Fix safety
    Unsafe: the rollback undoes the whole transaction, so that earlier work of it, with which the program used to fail at the next use of
    the session, is now left out. It stands first in the handler; where the handler may take errors that leave the session alone, it is
    made only if the session is not active any more. Left alone are handlers inside `with session.begin():` or beside a savepoint, and
    those in which it is not known what the session is called.

    ## What is not reported
    A handler that raises, or after which the session is only closed. Handlers of errors that no flush raises (`NoResultFound`, `KeyError`).
    Statements that fail outside a flush, which leave the session as it is. `begin_nested()` and `session.begin()` as context managers,
    which roll back themselves.

    ## References
    - [SQLAlchemy: this session's transaction has been rolled back](https://docs.sqlalchemy.org/en/20/faq/sessions.html#this-session-s-transaction-has-been-rolled-back-due-to-a-previous-exception-during-flush-or-similar)
    - [SQLAlchemy: 7s2a](https://sqlalche.me/e/20/7s2a)
    """

    code, name = "SES105", "missing-rollback"
    message_formats = ("the handler lets the session go on being used after a failed flush, without a rollback",)
    codemods = ("rollback",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each handler."""
        for used in events.of(FailedSessionUsed):
            yield self.finding(
                program,
                used.at,
                self.message_formats[0],
                function=used.function,
                history=used.history,
                help="call `rollback()` on the session first thing in the handler, or flush inside `with session.begin_nested():`",
                evidence=f"handler of {program.function(used.function).qualname}",
            )
