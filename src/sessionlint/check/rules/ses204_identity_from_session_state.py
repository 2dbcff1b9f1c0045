"""SES204 identity-from-session-state."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import StateRead


class IdentityFromSessionState(Rule):
    """A helper that is handed a session reads the user's identity from Streamlit's `session_state`.

    ## What it does
    Reports reads of `current_user_id` and `user_id` (setting `sessions.identity-keys`) from `session_state`, by attribute, item, `get`,
    `getattr` or an alias, in functions that have a database session among their parameters.

    ## Why is this bad?
    The function takes what it works with from its caller, but not for whom. Called for another user, by an administrator, a job or a test,
    it still reads and writes the rows of whoever sits at the browser; and nobody who reads the call can see it.

    ## How it fails at run time
    Called by a nightly job, which nobody sits in front of:
    ```text
    Traceback (most recent call last):
      File "example.py", line 2, in rename
        user = session.get_one(User, st.session_state.current_user_id)
      ...
    AttributeError: st.session_state has no attribute "current_user_id". Did you forget to
    initialize it? More info:
    https://docs.streamlit.io/develop/concepts/architecture/session-state#initialization
    ```

    ## Example
    ```python
    def rename(session: Session, name: str) -> None:
        user = session.get_one(User, st.session_state.current_user_id)  # expect: SES204
        user.name = name
    ```
    Use instead:
    ```python
    def rename(session: Session, user_id: int, name: str) -> None:
        user = session.get_one(User, user_id)
        user.name = name
    ```

    ## Fix safety
    Unsafe, and `migrate` alone does it: the function takes the identity as a parameter, as its neighbours annotate it, and its callers pass
    what they have: a variable, a parameter of their own, or, where they are handed no session themselves, the same read. Left alone are
    functions that are called by others than the program, reads that only some paths make of a key that may be missing, and keys that may
    change before the read.

    ## Options
    - `sessions.identity-keys`: the keys under which `session_state` says who the user is

    ## What is not reported
    Pages and other functions that are handed no session, which read the identity to pass it on; other keys; writing, testing for or
    deleting the key.

    ## References
    - [Streamlit: session state](https://docs.streamlit.io/develop/concepts/architecture/session-state)
    - [SQLAlchemy: session basics](https://docs.sqlalchemy.org/en/20/orm/session_basics.html)
    """

    code, name = "SES204", "identity-from-session-state"
    message_formats = ("`{key}` is read from `{store}` by a function that is handed a session",)
    codemods = ("thread-parameter",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each read."""
        for read in events.of(StateRead):
            if read.what == "identity":
                yield self.finding(
                    program,
                    read.at,
                    self.message_formats[0].format(key=read.key, store=read.store),
                    function=read.function,
                    history=read.history,
                    help=f"take `{read.key}` as a parameter, as the session",
                    evidence=f"{read.store}.{read.key}",
                )
