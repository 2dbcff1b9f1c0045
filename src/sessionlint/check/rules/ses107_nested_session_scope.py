"""SES107 nested-session-scope."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import ScopeNested


class NestedSessionScope(Rule):
    """A scope is opened inside an open scope of the same manager, which hands out the same session.

    ## What it does
    Reads from the bodies of a program's scopes whether an inner one gets the outer one's session (from a context variable, a registry,
    `g`) and closes it. Reports the inner `with`, also where a helper opens it.

    ## Why is this bad?
    The end of the inner block commits or rolls back what the outer block has only half done, and closes its session. What the outer block
    does afterwards happens in another transaction, its instances are detached, and an error in it no longer undoes the first half.

    ## How it fails at run time
    `outer("Ann")` fails, since Ann is there already, and should have left nothing behind:
    ```text
    ValueError: Ann is there already
    users now: ['Ann', 'Bob', 'Cy']
    ```

    ## Example
    ```python
    class Sessions:
        def __init__(self):
            self.current = scoped_session(SessionLocal)

        @contextmanager
        def scope(self):
            session = self.current()
            try:
                yield session
                session.commit()
            finally:
                self.current.remove()

    sessions = Sessions()

    def outer(name):
        with sessions.scope() as session:
            session.add(User(name="Cy"))
            with sessions.scope() as inner:  # expect: SES107
                inner.add(Order(number="C-1", note="", user_id=1))
            if name == "Ann":
                raise ValueError(f"{name} is there already")
    ```
    Use instead:
    ```python
    class Sessions:
        def __init__(self):
            self.current = scoped_session(SessionLocal)

        @contextmanager
        def scope(self):
            session = self.current()
            try:
                yield session
                session.commit()
            finally:
                self.current.remove()

    sessions = Sessions()

    def outer(name):
        with sessions.scope() as session:
            session.add(User(name="Cy"))
            session.add(Order(number="C-1", note="", user_id=1))
            if name == "Ann":
                raise ValueError(f"{name} is there already")
    ```

    ## Fix safety
    There is no fix yet.

    ## What is not reported
    Scopes of different managers; scopes of a plain `sessionmaker`, each with a session of its own; savepoints; scopes that ask whether
    they are the inner one before they end the session.

    ## References
    - [SQLAlchemy: contextual sessions](https://docs.sqlalchemy.org/en/20/orm/contextual.html)
    """

    code, name = "SES107", "nested-session-scope"
    message_formats = ("this scope is opened inside an open one of the same manager, and its end closes that one's session",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each inner block."""
        for nested in events.of(ScopeNested):
            yield self.finding(
                program,
                nested.at,
                self.message_formats[0],
                function=nested.function,
                history=nested.history,
                help="hand the outer session to the code that needs it",
                evidence=f"scope in {program.function(nested.function).qualname}",
            )
