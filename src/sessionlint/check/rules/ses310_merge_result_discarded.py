"""SES310 merge-result-discarded."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import MergeDropped


class MergeResultDiscarded(Rule):
    """The result of `session.merge(x)` is dropped, while `x` goes on being used as if it were attached.

    ## What it does
    Reports `merge` calls whose result nobody takes, if the instance that was merged is then changed before a commit of the session,
    refreshed or deleted with it, or read for something that only an attached instance can load.

    ## Why is this bad?
    `merge` does not attach what it is given. It returns another instance, which is the session's; the one it was given stays as it
    was. Changes to it are silently lost, and what it has not loaded cannot be loaded.

    ## How it fails at run time
    What is stored afterwards; there is no error:
    ```text
    user 1 is called Ann
    ```

    ## Example
    ```python
    user = User(id=1, name="Ann")
    with SessionLocal() as session:
        session.merge(user)  # expect: SES310
        user.name = "Anna"
        session.commit()
    ```
    Use instead:
    ```python
    user = User(id=1, name="Ann")
    with SessionLocal() as session:
        user = session.merge(user)
        user.name = "Anna"
        session.commit()
    ```

    ## Fix safety
    There is no fix yet. Binding the result to the name changes what later code sees of the old instance.

    ## What is not reported
    A merge whose argument is not used afterwards, or only for what it holds itself; an instance that is the session's already, which
    `merge` returns as it is.

    ## References
    - [SQLAlchemy: merging](https://docs.sqlalchemy.org/en/20/orm/session_state_management.html#merging)
    """

    code, name = "SES310", "merge-result-discarded"
    message_formats = ("result of `merge` is dropped, and the `{model}` that was merged is {use}",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each merge."""
        for merged in events.of(MergeDropped):
            model = program.models[merged.model].name
            yield self.finding(
                program,
                merged.at,
                self.message_formats[0].format(model=model, use=merged.use),
                function=merged.function,
                history=merged.history,
                help="use what `merge` returns",
                evidence=model,
            )
