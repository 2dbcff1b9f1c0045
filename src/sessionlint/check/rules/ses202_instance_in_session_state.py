"""SES202 instance-in-session-state."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sessionlint.check.finding import Finding
from sessionlint.check.held import held_instances
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import StateStored


class InstanceInSessionState(Rule):
    """A mapped instance is put into Streamlit's `session_state` or the web framework's user session.

    ## What it does
    Reports instances that are stored there by attribute, by item, with `setdefault` or with `update`, alone or in a list, a dict or an
    object of the program that holds them.

    ## Why is this bad?
    What is stored is read on the next rerun or request, when the database session that loaded the instance has long ended. The instance is
    detached then: nothing more can be loaded, an expired column raises, changes are written nowhere, and what is shown is what the row was
    once. A cookie cannot hold an instance at all.

    ## How it fails at run time
    The next rerun shows the orders of the user that it finds:
    ```text
    Traceback (most recent call last):
      File "main.py", line 10, in rerun
        print([order.number for order in st.session_state["user"].orders])
      ...
    sqlalchemy.orm.exc.DetachedInstanceError: Parent instance <User at 0x…> is not bound to a
    Session; lazy load operation of attribute 'orders' cannot proceed (Background on this error at:
    https://sqlalche.me/e/20/bhk3)
    ```

    ## Example
    ```python
    with SessionLocal() as session:
        user = session.get_one(User, user_id)
        st.session_state["user"] = user  # expect: SES202
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        user = session.get_one(User, user_id)
        st.session_state["user_id"] = user.id
    ```

    ## Fix safety
    Unsafe: the primary key is stored, and every reader in the program gets the instance again by it, with the session that it has at hand
    (`session.get(User, st.session_state.user)`). All stores and readers of the key change together, or none: not where a reader has no
    session, changes the instance or hands it on, where several or none may be stored, or where what is stored has changes that nobody has
    written.

    ## What is not reported
    Primary keys and other values of columns, copies (Pydantic models, dataclasses of plain values), the mapped class itself, and an
    instance that never had a session, such as the draft of a form.

    ## References
    - [SQLAlchemy: quickie intro to object states](https://docs.sqlalchemy.org/en/20/orm/session_state_management.html#quickie-intro-to-object-states)
    - [Streamlit: session state](https://docs.streamlit.io/develop/concepts/architecture/session-state)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3)
    """

    code, name = "SES202", "instance-in-session-state"
    message_formats = ("mapped instance is put into {place}",)
    codemods = ("key-not-instance",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each store of an instance."""
        for stored in events.of(StateStored):
            if stored.what == "instance":
                place = f"`{stored.store}` under `{stored.key}`" if stored.key else f"`{stored.store}`"
                found = self.finding(
                    program,
                    stored.at,
                    self.message_formats[0].format(place=place),
                    function=stored.function,
                    history=stored.history,
                    help="store the primary key, and load the instance again where it is needed",
                    evidence=f"{stored.store}.{stored.key}",
                )
                yield msgspec.structs.replace(found, held=held_instances(stored.held))
