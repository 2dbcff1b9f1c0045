"""SES307 detached-serialization."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.loading_story import expired_by, missing_option, told, with_loads
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.solve.events import SerializedRead
from sessionlint.source import Location


class DetachedSerialization(Rule):
    """A Pydantic model, marshmallow schema, `asdict` or response model reads a relationship which is not loaded and cannot be any more.

    ## What it does
    Knows the fields of the program's schema classes, nested ones included, and follows instances into them: `model_validate`, `from_orm`,
    models that are built around an instance, `Schema().dump`, `asdict`, a FastAPI route's response model. Reports the call that serializes,
    or the route's `return`, if a field is a relationship that is not loaded on an instance whose session has ended; under an
    `AsyncSession`, which cannot load while something is serialized, if it is anything that is not in memory.

    ## Why is this bad?
    A serializer reads what its fields say, not what the query loaded. The request fails with a server error after all its work is done; a
    field that is added to a schema breaks every route that uses it.

    ## How it fails at run time
    ```text
    Traceback (most recent call last):
      File "example.py", line 10, in show
        return UserOut.model_validate(user)
      ...
    pydantic_core._pydantic_core.ValidationError: 1 validation error for UserOut
    orders
      Error extracting attribute: DetachedInstanceError: Parent instance <User at 0x…> is not bound
    to a Session; lazy load operation of attribute 'orders' cannot proceed (Background on this error
    at: https://sqlalche.me/e/20/bhk3) [type=get_attribute_error, input_value=<example.User object
    at 0x…>, input_type=User]
        For further information visit https://errors.pydantic.dev/…/v/get_attribute_error
    ```

    ## Example
    ```python
    class OrderOut(BaseModel, from_attributes=True):
        number: str

    class UserOut(BaseModel, from_attributes=True):
        orders: list[OrderOut]

    def show(user_id: int) -> UserOut:
        with SessionLocal() as session:
            user = session.get_one(User, user_id)
        return UserOut.model_validate(user)  # expect: SES307
    ```
    Use instead:
    ```python
    class OrderOut(BaseModel, from_attributes=True):
        number: str

    class UserOut(BaseModel, from_attributes=True):
        orders: list[OrderOut]

    def show(user_id: int) -> UserOut:
        with SessionLocal() as session:
            user = session.get_one(User, user_id, options=[selectinload(User.orders)])
        return UserOut.model_validate(user)
    ```

    ## Fix safety
    Unsafe: `eager-load` adds the option to every query from which the read is reached, so that it loads more for all that use it. The
    objects are the same, and no row comes or goes: collections get `selectinload`, a to-one `joinedload`, or `selectinload` too where the
    query groups, locks or removes duplicates. Left alone are queries that serve several models, that are written in SQL or are part of a
    set operation, attributes that only a subclass has, and queries with other options that the new one would contradict. What is
    expired is left. The fields of nested schemas are loaded as well.

    ## What is not reported
    What a synchronous session, a yielding dependency's included, can still load; a model without `from_attributes`, which cannot read
    objects; one that replaces the object first (`model_validator(mode="before")`); an expired column alone, which is SES302.

    ## References
    - [Pydantic: arbitrary class instances](https://docs.pydantic.dev/latest/concepts/models/#arbitrary-class-instances)
    - [FastAPI: response model](https://fastapi.tiangolo.com/tutorial/response-model/)
    - [SQLAlchemy: bhk3](https://sqlalche.me/e/20/bhk3)
    """

    code, name = "SES307", "detached-serialization"
    message_formats = ("{schema} reads {attributes} {where}, {why}",)
    codemods = ("eager-load",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each serializing place, about the first thing that is missing there."""
        seen = set[Location]()
        for found in events.of(SerializedRead):
            if found.at not in seen and not found.is_behind:
                seen.add(found.at)
                there = [other for other in events.of(SerializedRead) if other.at == found.at]
                others = sorted({other.read.path for other in there if not other.is_behind} - {found.read.path})
                finding = told(self._finding(program, found, others), program, found.read)
                yield with_loads(finding, program, [other.read for other in there])

    def _finding(self, program: Program, found: SerializedRead, others: list[str]) -> Finding:
        read = found.read
        option, at = missing_option(program, read) if read.cause != "expired" else ("", None)
        by = f"`{found.schema}`" if found.schema else "the response model"
        what = ", ".join(f"`{path}`" for path in [read.path, *others])
        where = "under an `AsyncSession`" if read.status == "async" else "on a detached instance"
        state = f"expired by a {expired_by(read)}" if read.cause == "expired" else "not loaded"
        return self.finding(
            program,
            found.at,
            self.message_formats[0].format(schema=by, attributes=what, where=where, why=state),
            function=found.function,
            history=found.history,
            help=f"add `{option}` to the query" if option else "`refresh` the instance, or serialize it while its session is open",
            help_at=at,
            evidence=f"{found.schema} {read.path}".strip(),
        )
