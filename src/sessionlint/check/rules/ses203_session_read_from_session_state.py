"""SES203 session-read-from-session-state."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import StateRead


class SessionReadFromSessionState(Rule):
    """A session is taken back out of Streamlit's `session_state`.

    ## What it does
    Reports reads of `session_state` whose result is a session, because one is stored under that key, or because it is annotated or used as
    one.

    ## Why is this bad?
    The function depends on a session that it does not name: who calls it cannot see that one is needed, tests have to fill the
    state first, and what is found there belongs to an earlier run, is closed already, or is missing after a reload.

    ## How it fails at run time
    After a reload of the page, which begins with an empty state:
    ```text
    Traceback (most recent call last):
      File "example.py", line 1, in example
        session: Session = st.session_state["db"]
      ...
    KeyError: 'st.session_state has no key "db". Did you forget to initialize it? More info:
    https://docs.streamlit.io/develop/concepts/architecture/session-state#initialization'
    ```

    ## Example
    ```python
    session: Session = st.session_state["db"]  # expect: SES203
    return session.scalar(select(func.count()).select_from(User))
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        return session.scalar(select(func.count()).select_from(User))
    ```

    ## Fix safety
    Unsafe, and `migrate` alone does it: the function, and those between it and the one that stored the session, take it as a parameter,
    annotated as the code around them is, and every call in the program passes it on. Left alone are functions that others than the program
    call (under decorators, as callbacks, as values, by overriding, by name), or a caller with no session at hand, or during which the key
    may change. A test that calls such a function reads the key itself then.

    ## What is not reported
    Reads of anything else; testing for the key, and deleting it.

    ## References
    - [SQLAlchemy: session basics](https://docs.sqlalchemy.org/en/20/orm/session_basics.html)
    - [Streamlit: session state](https://docs.streamlit.io/develop/concepts/architecture/session-state)
    """

    code, name = "SES203", "session-read-from-session-state"
    message_formats = ("session is taken out of {place}",)
    codemods = ("thread-parameter",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each read of a session."""
        for read in events.of(StateRead):
            if read.what == "session":
                place = f"`{read.store}` under `{read.key}`" if read.key else f"`{read.store}`"
                yield self.finding(
                    program,
                    read.at,
                    self.message_formats[0].format(place=place),
                    function=read.function,
                    history=read.history,
                    help="take the session as a parameter",
                    evidence=f"{read.store}.{read.key}",
                )
