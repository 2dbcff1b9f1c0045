"""SES403 dataclass-repr-relationship."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.knowledge.sqlalchemy.options import EAGER_LAZY_VALUES, LOADED_LAZY_VALUES
from sessionlint.link import MappedAttribute, Model, Program
from sessionlint.solve import Events

_IN_MEMORY = EAGER_LAZY_VALUES | LOADED_LAZY_VALUES


class DataclassReprRelationship(Rule):
    """The generated `__repr__` of a mapped dataclass reads a relationship.

    ## What it does
    Reports relationships without `repr=False` of classes that are mapped as dataclasses (`MappedAsDataclass`,
    `@registry.mapped_as_dataclass`, `@dataclass` below `@registry.mapped`) and get their `__repr__` generated.

    ## Why is this bad?
    A dataclass shows all its fields, so that printing one object loads its relationships, and those of the objects it finds there. On a
    detached instance that raises, in the log line or the traceback in which the object was to be shown; under asyncio it always does.

    ## How it fails at run time
    A parcel is printed when its session has ended, as a log line does:
    ```text
    Traceback (most recent call last):
      File "main.py", line 12, in main
        print(f"lost: {parcel}")
      ...
    sqlalchemy.orm.exc.DetachedInstanceError: Parent instance <Parcel at 0x…> is not bound to a
    Session; lazy load operation of attribute 'user' cannot proceed (Background on this error at:
    https://sqlalche.me/e/20/bhk3)
    ```

    ## Example
    ```python
    class Parcel(MappedAsDataclass, Base):
        __tablename__ = "parcels"
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), init=False)
        user: Mapped[User] = relationship()  # expect: SES403
    ```
    Use instead:
    ```python
    class Parcel(MappedAsDataclass, Base):
        __tablename__ = "parcels"
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), init=False)
        user: Mapped[User] = relationship(repr=False)
    ```

    ## Fix safety
    Unsafe: `repr=False` is added, and the relationship is not shown any more where it was loaded. Left alone are declarations by functions
    of the program, and those with a `**` of which it is not known what it brings.

    ## What is not reported
    Classes with `repr=False` (also where a base says so) or a `__repr__` of their own; relationships without annotation, and those that a
    `backref` makes, which are no fields; relationships that come with every instance (`lazy="joined"`, `"selectin"`, …) or show themselves
    without a query (`"dynamic"`, `"write_only"`).

    ## References
    - [SQLAlchemy: declarative dataclass mapping](https://docs.sqlalchemy.org/en/20/orm/dataclasses.html)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3)
    """

    code, name = "SES403", "dataclass-repr-relationship"
    message_formats = ("the generated `__repr__` of `{model}` reads the relationship `{attribute}`",)
    codemods = ("safe-repr",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each field that a generated `__repr__` may have to load."""
        for model in program.models.values():
            if not (model.is_mapped and model.generates_repr):
                continue
            for attribute in model.attributes.values():
                if _is_shown(program, model, attribute):
                    yield self.finding(
                        program,
                        attribute.at,
                        self.message_formats[0].format(model=model.name, attribute=attribute.name),
                        help="add `repr=False` to the relationship",
                        evidence=f"{program.class_(attribute.owner).name}.{attribute.name}",
                    )


def _is_shown(program: Program, model: Model, attribute: MappedAttribute) -> bool:
    """Whether the relationship is a field of the dataclass that is shown, and need not be in memory."""
    if attribute.kind != "relationship" or attribute.backref_of or not attribute.in_repr or attribute.lazy in _IN_MEMORY:
        return False
    declared = program.class_attribute(model.id, attribute.name)
    return program.models[attribute.owner].is_dataclass and (declared is None or declared[2] is not None)
