"""SES404 unsafe-model-accessor."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import AttributeRead


class UnsafeModelAccessor(Rule):
    """A property, `to_dict`, `__eq__` or `__hash__` of a model reads a relationship unguarded.

    ## What it does
    Reports reads of relationships in what a model is looked at with: properties and hybrids, serializers (`to_dict`, `as_dict`, `to_json`,
    `serialize`, …) and the methods that Python calls by itself (`__eq__`, `__hash__`, `__lt__`, `__len__`, `__bool__`, `__iter__`, …),
    directly or through other properties and methods of the class.

    ## Why is this bad?
    Whoever writes `user.total` or puts an object into a set does not see that it takes a query. Outside a session it raises; inside
    one it runs a query for each object, and under asyncio it raises too.

    ## How it fails at run time
    A page shows the weight when the session has ended:
    ```text
    Traceback (most recent call last):
      File "example.py", line 8, in weight
        return sum(parcel.weight for parcel in self.parcels)
      ...
    sqlalchemy.orm.exc.DetachedInstanceError: Parent instance <Customer at 0x…> is not bound to a
    Session; lazy load operation of attribute 'parcels' cannot proceed (Background on this error at:
    https://sqlalche.me/e/20/bhk3)
    ```

    ## Example
    ```python
    class Customer(Base):
        __tablename__ = "customers"
        id: Mapped[int] = mapped_column(primary_key=True)
        parcels: Mapped[list[Parcel]] = relationship()

        @property
        def weight(self) -> int:
            return sum(parcel.weight for parcel in self.parcels)  # expect: SES404


    class Parcel(Base):
        __tablename__ = "parcels"
        id: Mapped[int] = mapped_column(primary_key=True)
        customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
        weight: Mapped[int]
    ```
    Use instead:
    ```python
    class Customer(Base):
        __tablename__ = "customers"
        id: Mapped[int] = mapped_column(primary_key=True)
        parcels: Mapped[list[Parcel]] = relationship(lazy="selectin")

        @property
        def weight(self) -> int:
            return sum(parcel.weight for parcel in self.parcels)


    class Parcel(Base):
        __tablename__ = "parcels"
        id: Mapped[int] = mapped_column(primary_key=True)
        customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
        weight: Mapped[int]
    ```

    ## Fix safety
    There is no fix: whether to load the relationship with the model, to look first (`inspect(self).unloaded`) or to make it a function that
    takes what it needs is the author's choice.

    ## What is not reported
    Reads that are guarded (`inspect(self).unloaded`, `self.__dict__`, `except DetachedInstanceError`), relationships that the model itself
    loads with every instance (`lazy="joined"`, `"selectin"`, …), columns, and ordinary methods.

    ## References
    - [SQLAlchemy: relationship loading techniques](https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3)
    """

    code, name, default = "SES404", "unsafe-model-accessor", False
    message_formats = ("relationship `{attribute}` is read unguarded by an accessor of `{model}`",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each read of a relationship that an instance need not have loaded."""
        for read in events.of(AttributeRead):
            if read.context == "accessor" and read.kind == "relationship" and read.cause in {"not-loaded", "raise"}:
                yield self.finding(
                    program,
                    read.at,
                    self.message_formats[0].format(attribute=read.path, model=program.models[read.model].name),
                    function=read.function,
                    history=read.history,
                    help=f'load it with the model (`lazy="selectin"`), or look first: `"{read.attribute}" in inspect(self).unloaded`',
                    evidence=read.path,
                )
