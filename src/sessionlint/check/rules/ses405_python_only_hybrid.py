"""SES405 python-only-hybrid."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.hybrids import Obstacle, has_class_level, obstacle
from sessionlint.check.rule import Rule
from sessionlint.link import MappedAttribute, Model, Program
from sessionlint.link.symbols import FunctionId
from sessionlint.solve import Events, History, Step
from sessionlint.source import Location


class PythonOnlyHybrid(Rule):
    """The body of a `hybrid_property` cannot work on the class, and there is no `.expression`.

    ## What it does
    Goes through the body with `self` as the class, where `self.name` is a column or a relationship, and reports what raises there (loops,
    `next`, `len`, `sum`, attributes of a related object, methods of text and dates, `if` on a comparison) and what silently gives other
    SQL than the value on an instance (`or`, `not`, `in`, f-strings, a condition that is always true).

    ## Why is this bad?
    A hybrid promises to work in a query. One that cannot is a property that fails, or filters wrongly, when somebody believes it.

    ## How it fails at run time
    A query uses it, as hybrids are for:
    ```text
    Traceback (most recent call last):
      File "example.py", line 8, in open_parcels
        return [parcel for parcel in self.parcels if not parcel.sent]
      ...
    NotImplementedError: <built-in function getitem>
    ```

    ## Example
    ```python
    class Customer(Base):
        __tablename__ = "customers"
        id: Mapped[int] = mapped_column(primary_key=True)
        parcels: Mapped[list[Parcel]] = relationship()

        @hybrid_property
        def open_parcels(self):  # expect: SES405
            return [parcel for parcel in self.parcels if not parcel.sent]


    class Parcel(Base):
        __tablename__ = "parcels"
        id: Mapped[int] = mapped_column(primary_key=True)
        customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
        sent: Mapped[bool]
    ```
    Use instead:
    ```python
    class Customer(Base):
        __tablename__ = "customers"
        id: Mapped[int] = mapped_column(primary_key=True)
        parcels: Mapped[list[Parcel]] = relationship()

        @property
        def open_parcels(self):
            return [parcel for parcel in self.parcels if not parcel.sent]


    class Parcel(Base):
        __tablename__ = "parcels"
        id: Mapped[int] = mapped_column(primary_key=True)
        customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
        sent: Mapped[bool]
    ```

    ## Fix safety
    There is no fix yet.

    ## What is not reported
    Hybrids with an `.expression` or `.comparator` (also `.inplace`, and `hybrid_property(get, expr=…)`); bodies that ask which they are on
    (`isinstance(self, type)`, a handler that gives SQL); a guard that only spares an instance a None (`if self.price is None: return 0`).

    ## References
    - [SQLAlchemy: defining expression behavior distinct from attribute behavior](https://docs.sqlalchemy.org/en/20/orm/extensions/hybrid.html)
    """

    code, name = "SES405", "python-only-hybrid"
    message_formats = ("the hybrid `{hybrid}` cannot be used on the class `{model}`: it {obstacle}",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each hybrid, for the first mapped class on which its body cannot work."""
        done: set[FunctionId] = set()
        for model in program.models.values():
            for hybrid in model.attributes.values() if model.is_mapped else ():
                function = hybrid.function
                if hybrid.kind != "hybrid" or function is None or function in done or has_class_level(program, hybrid):
                    continue
                found = obstacle(program, model, function)
                if found is not None:
                    done.add(function)
                    yield self._finding(program, model, hybrid, function, found)

    def _finding(self, program: Program, model: Model, hybrid: MappedAttribute, function: FunctionId, found: Obstacle) -> Finding:
        at = Location(function.file, program.function(function).at)
        step = Step("class", Location(function.file, found.at), f"`{model.name}.{hybrid.name}` {found.text}")
        return self.finding(
            program,
            at,
            self.message_formats[0].format(hybrid=hybrid.name, model=model.name, obstacle=found.text),
            function=function,
            history=History().then(step),
            help="make it a `property`, or give it an `.expression`",
            evidence=f"{program.class_(hybrid.owner).name}.{hybrid.name}",
        )
