"""SES201 session-in-session-state."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import StateStored


class SessionInSessionState(Rule):
    """A session is put into Streamlit's `session_state` or the web framework's user session.

    ## What it does
    Reports sessions that are stored there by attribute, by item, with `setdefault` or with `update`.

    ## Why is this bad?
    `session_state` lives as long as the browser tab, and every rerun may come on another thread. A SQLAlchemy session that is kept there
    holds its connection and its transaction between reruns, goes on handing out what it loaded long ago, and is used by two threads at once
    when the visitor clicks twice. A web framework's user session is written to a cookie or a store, into which no database session fits.

    ## How it fails at run time
    Two reruns of the script that use what they find, as clicks of a visitor cause them:
    ```text
    after the first rerun:  session 1, in transaction: True, connections taken: 1
    after the second rerun: session 1, in transaction: True, connections taken: 1
    ```
    Both at once, in two threads, may end in an `IllegalStateChangeError`.

    ## Example
    ```python
    with SessionLocal() as session:
        st.session_state["db"] = session  # expect: SES201
        show_orders()
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        show_orders(session)
    ```

    ## Fix safety
    Unsafe, and `migrate` alone does it: where every reader of the key can be handed the session as a parameter (SES203), the store is
    deleted. It stays while a callback, a page in a table, or anything else that cannot be threaded still reads the key, asks whether it is
    there or reads all of `session_state`; with `setdefault`, which keeps an earlier session; and where the store is all that keeps the
    session alive, so that the session would end sooner than now. The web framework's user session is left alone.

    ## What is not reported
    Factories and engines, which are meant to live long; primary keys and other values; removing an old entry.

    ## References
    - [SQLAlchemy: is the session thread-safe?](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#is-the-session-thread-safe-is-asyncsession-safe-to-share-in-concurrent-tasks)
    - [Streamlit: session state](https://docs.streamlit.io/develop/concepts/architecture/session-state)
    - [SQLAlchemy: isce](https://sqlalche.me/e/20/isce)
    """

    code, name = "SES201", "session-in-session-state"
    message_formats = ("session is put into {place}",)
    codemods = ("thread-parameter",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each store of a session."""
        for stored in events.of(StateStored):
            if stored.what == "session":
                place = f"`{stored.store}` under `{stored.key}`" if stored.key else f"`{stored.store}`"
                yield self.finding(
                    program,
                    stored.at,
                    self.message_formats[0].format(place=place),
                    function=stored.function,
                    history=stored.history,
                    help="hand the session to the functions that need it as a parameter",
                    evidence=f"{stored.store}.{stored.key}",
                )
