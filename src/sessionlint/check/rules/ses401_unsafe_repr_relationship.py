"""SES401 unsafe-repr-relationship."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import AttributeRead


class UnsafeReprRelationship(Rule):
    """`__repr__` or `__str__` of a model reads a relationship or deferred column.

    ## What it does
    Reports reads of relationships and deferred columns in `__repr__` and `__str__` of mapped classes, their mixins and bases, directly or
    through properties and methods of the class.

    ## Why is this bad?
    A repr is wanted where things have gone wrong: in a log line, a traceback, a debugger. On a detached instance it raises there, and hides
    the error that was to be shown. On an attached one it runs a query for every object that is printed, and under asyncio it raises.

    ## How it fails at run time
    A parcel is printed when its session has ended, as a log line does:
    ```text
    Traceback (most recent call last):
      File "example.py", line 8, in __repr__
        return f"<Parcel {self.id} for {self.user.name}>"
      ...
    sqlalchemy.orm.exc.DetachedInstanceError: Parent instance <Parcel at 0x…> is not bound to a
    Session; lazy load operation of attribute 'user' cannot proceed (Background on this error at:
    https://sqlalche.me/e/20/bhk3)
    ```

    ## Example
    ```python
    class Parcel(Base):
        __tablename__ = "parcels"
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
        user: Mapped[User] = relationship()

        def __repr__(self) -> str:
            return f"<Parcel {self.id} for {self.user.name}>"  # expect: SES401
    ```
    Use instead:
    ```python
    class Parcel(Base):
        __tablename__ = "parcels"
        id: Mapped[int] = mapped_column(primary_key=True)
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
        user: Mapped[User] = relationship()

        def __repr__(self) -> str:
            return f"<Parcel {self.id} for user {self.user_id}>"
    ```

    ## Fix safety
    Safe: the body of the `__repr__` goes into a `try`, and where something cannot be loaded the columns that are in memory are shown. The
    text stays the same wherever there is one today. Left alone is a repr that classes which are not mapped have as well.

    ## What is not reported
    Reads that are guarded (`inspect(self).unloaded`, `self.__dict__`, `except DetachedInstanceError`), relationships that the model itself
    loads with every instance (`lazy="joined"`, `"selectin"`, …), plain columns, and other methods that no repr calls.

    ## References
    - [SQLAlchemy: relationship loading techniques](https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3)
    """

    code, name = "SES401", "unsafe-repr-relationship"
    message_formats = (
        "relationship `{attribute}` is read for the repr of `{model}`",
        "deferred column `{attribute}` is read for the repr of `{model}`",
    )
    codemods = ("safe-repr",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each read of what an instance need not have loaded."""
        for read in events.of(AttributeRead):
            if read.context == "repr" and read.cause in {"not-loaded", "deferred", "raise"}:
                message = self.message_formats[1 if read.cause == "deferred" else 0]
                yield self.finding(
                    program,
                    read.at,
                    message.format(attribute=read.path, model=program.models[read.model].name),
                    function=read.function,
                    history=read.history,
                    help="show the primary key, a foreign key or other plain columns instead",
                    evidence=read.path,
                )
