"""SES206 session-crosses-thread."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from sessionlint.check.finding import Finding
from sessionlint.check.held import held_instances
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import SessionHandedOver


class SessionCrossesThread(Rule):
    """A session, or an attached instance, is handed to a thread, an executor, a concurrent task, a task queue or a background task.

    ## What it does
    Reports the call that hands it over: as an argument, in `args=` and `kwargs=`, in a closure, a lambda or a `partial`, or by a method of
    an object that has it. Of coroutines that are awaited together (`gather`), those are reported of which two share a session; of tasks,
    those that are given a session, and those that are given an attached instance and that nobody waits for.

    ## Why is this bad?
    A session is one connection, one transaction and one set of instances, for one thread or task at a time. Two that use it at once
    interleave their statements, commit each other's work and corrupt its state. A background task runs after the response, when the
    session is closed: it revives it, and nothing closes it again. An attached instance brings its session along with every lazy load.

    ## How it fails at run time
    `show_orders` reads the user's orders when its thread gets to it, which is after the block here:
    ```text
    Traceback (most recent call last):
      File "main.py", line 15, in show_orders
        print([order.number for order in user.orders])
      ...
    sqlalchemy.orm.exc.DetachedInstanceError: Parent instance <User at 0x…> is not bound to a
    Session; lazy load operation of attribute 'orders' cannot proceed (Background on this error at:
    https://sqlalche.me/e/20/bhk3)
    ```
    Where the thread is quicker, both use one connection at once, which may end in an `IllegalStateChangeError` or in wrong data.

    ## Example
    ```python
    with SessionLocal() as session:
        user = session.get_one(User, user_id)
        threading.Thread(target=show_orders, args=(user,)).start()  # expect: SES206
    ```
    Use instead:
    ```python
    threading.Thread(target=show_orders, args=(user_id,)).start()
    ```

    ## Fix safety
    Unsafe: the primary key is handed over instead of the instance where the function that runs there is in the program, is given the same
    by all who call it, and either uses the key alone or does all that it does with the instance within a session that it opens; there it
    gets the instance by its key first. Not where the session itself is handed over, where the instance is new or has changes that another
    session would not see, or where the function changes the instance or hands it on.

    ## What is not reported
    Primary keys; factories and `scoped_session` registries; detached instances; a task that is awaited at once (`await create_task(…)`);
    a session that was made for the thread and that nobody else has; a function that takes a lock for what it does.

    ## References
    - [SQLAlchemy: is the session thread-safe?](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#is-the-session-thread-safe-is-asyncsession-safe-to-share-in-concurrent-tasks)
    - [SQLAlchemy: isce](https://sqlalche.me/e/20/isce)
    - [FastAPI: dependencies with yield and background tasks](https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3)
    """

    code, name = "SES206", "session-crosses-thread"
    message_formats = (
        "session is handed to {receiver}",
        "attached instance is handed to {receiver}",
    )
    codemods = ("key-not-instance",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each hand-over."""
        for handed in events.of(SessionHandedOver):
            found = self.finding(
                program,
                handed.at,
                self.message_formats[0 if handed.what == "session" else 1].format(receiver=handed.to),
                function=handed.function,
                history=handed.history,
                help="hand over the primary key, and open a session where it is used",
                evidence=handed.to,
            )
            yield msgspec.structs.replace(found, held=held_instances(handed.held))
