"""SES402 unsafe-repr-column."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import AttributeRead


class UnsafeReprColumn(Rule):
    """`__repr__` or `__str__` of a model reads plain columns.

    ## What it does
    Reports reads of the model's own columns in `__repr__` and `__str__`, directly or through properties and methods of the class: each
    of them raises on an instance that was expired by a commit or rollback and then detached.

    ## Why is this bad?
    After `commit()` every attribute is expired, the primary key too. An object printed after its session was closed raises, often
    in the log line or error handler that was to say what went wrong. Under asyncio it raises while the session is still open.

    ## How it fails at run time
    A parcel that was stored is printed when its session has ended, as a log line does:
    ```text
    Traceback (most recent call last):
      File "example.py", line 6, in __repr__
        return f"<Parcel {self.id}>"
      ...
    sqlalchemy.orm.exc.DetachedInstanceError: Instance <Parcel at 0x…> is not bound to a Session;
    attribute refresh operation cannot proceed (Background on this error at:
    https://sqlalche.me/e/20/bhk3)
    ```

    ## Example
    ```python
    class Parcel(Base):
        __tablename__ = "parcels"
        id: Mapped[int] = mapped_column(primary_key=True)

        def __repr__(self) -> str:
            return f"<Parcel {self.id}>"  # expect: SES402
    ```
    Use instead:
    ```python
    class Parcel(Base):
        __tablename__ = "parcels"
        id: Mapped[int] = mapped_column(primary_key=True)

        def __repr__(self) -> str:
            return f"<Parcel {inspect(self).identity}>"
    ```

    ## Fix safety
    Safe: the body of the `__repr__` goes into a `try`, and where something cannot be loaded the columns that are in memory are shown. The
    text stays the same wherever there is one today. Left alone is a repr that classes which are not mapped have as well.

    ## What is not reported
    Reads that are guarded (`inspect(self).expired`, `"id" in self.__dict__`, `except DetachedInstanceError`), its identity, class
    attributes and other Python state, and relationships and deferred columns (SES401).

    ## References
    - [SQLAlchemy: refreshing and expiring](https://docs.sqlalchemy.org/en/20/orm/session_state_management.html#refreshing-expiring)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3)
    """

    code, name, default = "SES402", "unsafe-repr-column", False
    message_formats = ("column `{attribute}` is read for the repr of `{model}`, which fails once it is expired",)
    codemods = ("safe-repr",)
    yields_to = ("SES401",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each read of a column of the instance that is shown."""
        for read in events.of(AttributeRead):
            if read.context == "expired" and read.kind in {"column", "column_property", "composite"} and len(read.loader_path) == 1:
                yield self.finding(
                    program,
                    read.at,
                    self.message_formats[0].format(attribute=read.path, model=program.models[read.model].name),
                    function=read.function,
                    history=read.history,
                    help=f"show what is in memory: `self.__dict__.get({read.attribute!r})`, or `inspect(self).identity`",
                    evidence=read.path,
                )
