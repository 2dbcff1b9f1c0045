"""SES308 cross-session-use."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve import events as seen


class CrossSessionUse(Rule):
    """An instance that is attached to one open session is added to another, or deleted from it.

    ## What it does
    Reports `add`, `add_all` and `delete` of an instance that a different session has loaded or was given, while that session is open; also
    where the instance only hangs on a new one that is added.

    ## Why is this bad?
    An instance belongs to one session at a time, which knows what was changed in it. SQLAlchemy refuses to take it from there. It works
    as long as the other session happens to have been closed before, which is why it comes and goes.

    ## How it fails at run time
    ```text
    Traceback (most recent call last):
      File "example.py", line 4, in example
        writing.add(user)
      ...
    sqlalchemy.exc.InvalidRequestError: Object '<User at 0x…>' is already attached to session '1'
    (this is '2')
    ```

    ## Example
    ```python
    with SessionLocal() as reading, SessionLocal() as writing:
        user = reading.get_one(User, user_id)
        user.name = "Anna"
        writing.add(user)  # expect: SES308
        writing.commit()
    ```
    Use instead:
    ```python
    with SessionLocal() as reading, SessionLocal() as writing:
        user = reading.get_one(User, user_id)
        user = writing.merge(user)
        user.name = "Anna"
        writing.commit()
    ```

    ## Fix safety
    There is no fix: which session the instance should belong to is not for a tool to say.

    ## What is not reported
    `merge`; instances whose session was closed, or from which they were expunged; one `scoped_session` under two names; two sessions of
    which nobody can say that they are not the same.

    ## References
    - [SQLAlchemy: merging](https://docs.sqlalchemy.org/en/20/orm/session_state_management.html#merging)
    """

    code, name = "SES308", "cross-session-use"
    message_formats = (
        "`{model}` is added to a session while it is attached to another",
        "`{model}` is added to a session while it is attached to another, by a cascade",
        "`{model}` is deleted from a session while it is attached to another",
    )

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each call."""
        for used in events.of(seen.CrossSessionUse):
            model = program.models[used.model].name
            message = self.message_formats[2 if used.operation == "delete" else int(used.is_cascade)]
            yield self.finding(
                program,
                used.at,
                message.format(model=model),
                function=used.function,
                history=used.history,
                help="take it over with `merge`, or use one session for both",
                evidence=model,
            )
