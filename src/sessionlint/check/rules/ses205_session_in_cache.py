"""SES205 session-in-cache."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import CacheFilled


class SessionInCache(Rule):
    """A session or mapped instances are kept in a cache.

    ## What it does
    Reports functions under a caching decorator (`st.cache_resource`, `st.cache_data`, `lru_cache`, `cached`, `memoize` and others) that
    return a session or mapped instances, alone or in lists, dicts and objects that hold them; and such values where they are put into a
    cache: with `cache.set`, into a TTL or LRU cache, or into a dictionary of a module or class.

    ## Why is this bad?
    Whoever asks next gets what somebody else was given. A cached session is one connection and one transaction for all threads. A cached
    instance belongs to a session that has ended, or that another request still uses: it cannot load anything more, shows old values, and
    cannot be added to the session of the request that got it from the cache.

    ## How it fails at run time
    Two requests at the same time, each of which adds what the cache gave it to its own session:
    ```text
    Traceback (most recent call last):
      File "main.py", line 12, in main
        other.add(first_user())
      ...
    sqlalchemy.exc.InvalidRequestError: Object '<User at 0x…>' is already attached to session '1'
    (this is '2')
    ```

    ## Example
    ```python
    @lru_cache
    def first_user() -> User | None:
        with SessionLocal() as session:
            return session.scalars(select(User)).first()  # expect: SES205
    ```
    Use instead:
    ```python
    @lru_cache
    def first_user() -> str | None:
        with SessionLocal() as session:
            return session.scalars(select(User.name)).first()
    ```

    ## Fix safety
    There is no fix: what callers need has to be copied out of the instances.

    ## What is not reported
    Engines, factories and `scoped_session` registries; columns, dictionaries of columns, Pydantic copies; a dictionary of sessions from
    which entries are removed again.

    ## References
    - [SQLAlchemy: is the session a cache?](https://docs.sqlalchemy.org/en/20/orm/session_basics.html#is-the-session-a-cache)
    - [Streamlit: caching](https://docs.streamlit.io/develop/concepts/architecture/caching)
    """

    code, name = "SES205", "session-in-cache"
    message_formats = (
        "{what} is returned by a cached function",
        "{what} is put into the cache `{cache}`",
    )
    yields_to = ("SES104", "SES106")

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each return or store."""
        for filled in events.of(CacheFilled):
            what = "session" if filled.what == "session" else "mapped instance"
            yield self.finding(
                program,
                filled.at,
                self.message_formats[0 if filled.is_return else 1].format(what=what, cache=filled.cache),
                function=filled.function,
                history=filled.history,
                help="cache the factory" if filled.what == "session" else "cache the values that are needed, not the instance",
                evidence=filled.cache,
            )
