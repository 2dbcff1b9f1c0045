"""SES108 redundant-session-call."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import SessionCallRedundant


class RedundantSessionCall(Rule):
    """A `close()`, or a last `commit()`, in the block of a scope that does it itself.

    ## What it does
    Follows each way out of a `with` that hands out a session: through `Session`, `sessionmaker.begin()`, `session.begin()`, the program's
    own context managers and unit-of-work classes. Reports a `commit()` or `close()` after which nothing is left to do, where the scope does
    the same on every way.

    ## Why is this bad?
    The call says that the scope does not do it, and the next reader believes that. Where the scope begins the transaction itself, a
    statement that is added after the `commit()` fails; one after a `close()` works on a session that has begun again.

    ## How it fails at run time
    Not by itself, the scope then has nothing left to do. It fails with the next change, when somebody adds a statement below the call:
    ```text
    Traceback (most recent call last):
      File "example.py", line 4, in example
        session.add(User(name="b"))
      ...
    sqlalchemy.exc.InvalidRequestError: Can't operate on closed transaction inside context manager.
    Please complete the context manager before emitting further commands.
    ```

    ## Example
    ```python
    with SessionLocal.begin() as session:
        session.add(User(name="a"))
        session.commit()  # expect: SES108
    ```
    Use instead:
    ```python
    with SessionLocal.begin() as session:
        session.add(User(name="a"))
    ```

    ## Fix safety
    Safe, as far as it is offered. A `commit()` is left where anything but a plain `return` follows it, logging included, for that would be
    done before a commit that may still fail; and where the scope treats an error of its own commit in another way than one of the block. A
    `close()` is left in a scope that commits first, unless a `commit()` stands right before it: what the block has loaded would be
    expired. Calls that mocks or event listeners of the program watch are left.

    ## What is not reported
    A `commit()` in a plain `with Session() as session:`, which closes and does not commit; commits of batches in a loop; a call that
    something follows which may need it (another statement, a read of an instance, a call into other code); a `commit()` whose error is
    handled in the block; a `close()` that gives up what a committing scope would keep.

    ## References
    - [SQLAlchemy: framing out a begin / commit / rollback block](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#framing-out-a-begin-commit-rollback-block)
    """

    code, name = "SES108", "redundant-session-call"
    message_formats = (
        "the scope commits itself when this block ends",
        "the scope closes the session itself when this block ends",
    )
    codemods = ("redundant-call",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each call."""
        for call in events.of(SessionCallRedundant):
            yield self.finding(
                program,
                call.at,
                self.message_formats[0 if call.operation == "commit" else 1],
                function=call.function,
                history=call.history,
                help="delete the call",
                evidence=f"{call.operation} in {program.function(call.function).qualname}",
            )
