"""What the analysis saw happen, each with its history: the vocabulary between `solve` and the rules.

An event is a fact about a path that exists in the program, never yet a finding: a rule decides whether it is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from sessionlint.link.symbols import ClassId, FunctionId
from sessionlint.solve.history import History
from sessionlint.source import Location


@dataclass(frozen=True, slots=True)
class Event:
    """`at` is where it happens, `function` the innermost function of the program it happens in, `history` how it came to it."""

    at: Location
    function: FunctionId
    history: History


@dataclass(frozen=True, slots=True)
class SessionLeaked(Event):
    """A session acquired at `at` is still open, and nobody's, when its function is left. `how` is `normal`, `exception` or `rebound`;
    `left_at` where it is left."""

    how: str
    left_at: Location | None


@dataclass(frozen=True, slots=True)
class SessionUsedAfterClose(Event):
    """A session is used after its `close()` on the same path."""

    operation: str


@dataclass(frozen=True, slots=True)
class SessionShared(Event):
    """A session is made once for the whole program; `how` says as what it is kept."""

    how: str


@dataclass(frozen=True, slots=True)
class SessionEscaped(Event):
    """The session of a block is `returned`, or `stored` (`how`) on something that outlives the block, which has closed it by then."""

    how: str


@dataclass(frozen=True, slots=True)
class ScopeNested(Event):
    """A scope is entered inside another one of the same manager, whose session it gets and closes."""


@dataclass(frozen=True, slots=True)
class SessionCallRedundant(Event):
    """A `commit` or `close` (`operation`) is the last thing in the block of a scope that does the same."""

    operation: str


@dataclass(frozen=True, slots=True)
class SessionHeld(Event):
    """The program waits for `what` while a session keeps its connection."""

    what: str


@dataclass(frozen=True, slots=True)
class FailedSessionUsed(Event):
    """The handler at `at` kept the exception of a failed flush, and the session is used again before anybody rolled it back.
    `operation` is the method that is called, or the attribute that is read."""

    operation: str


@dataclass(frozen=True, slots=True, order=True)
class Given:
    """A loader option that a query is run with, on this path or on another: `strategy` (SQLAlchemy's function) for the attribute at the
    end of `path`; an empty path is one that cannot be read."""

    path: tuple[str, ...]
    strategy: str


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A query whose instances are read in vain: the expression that makes it, the queried class, the attributes from there to what is
    missing, the class (`model`) of the instance on which that is read, all loader options with which the query is ever run, and all
    methods that are ever called on it."""

    query: Location
    entity: ClassId
    path: tuple[str, ...]
    model: ClassId
    given: tuple[Given, ...] = ()
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributeRead(Event):
    """A mapped attribute is read that is not in memory, or not any more.

    `status` is `detached` (its session ended or it was expunged), `attached` (a lazy load would run) or `async` (attached to an
    AsyncSession).
    `cause` is `not-loaded`, `deferred`, `expired` or `raise`. `path` is `Model.attribute`; `loader_path` the attributes from the
    queried entity
    to this one (`("orders", "lines")`), from which an option can be made; `kind` the attribute's kind in the registry; `uselist` as
    there. `context` is empty, or, for a read on an instance of which
    nobody knows how it was loaded, `repr` (in `__repr__`/`__str__`), `expired` (there, with expired columns) or `accessor` (a property,
    `__eq__`, `to_dict`, …). `entity` is the queried class,
    if there was a query. `origins` are the queries from which such a read is reached.
    """

    model: ClassId
    attribute: str
    path: str
    kind: str
    uselist: bool
    status: str
    cause: str
    loader_path: tuple[str, ...]
    entity: ClassId | None
    context: str
    in_loop: bool
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """An instance of `model` that is in a variable, `name`, of the function in which something happens to it. `is_stored`: the database has
    it as it is, on a path; `has_key`: it has a primary key there; `is_nullable`: it may be None instead."""

    name: str
    model: ClassId
    is_stored: bool
    has_key: bool
    is_nullable: bool


@dataclass(frozen=True, slots=True)
class StateStored(Event):
    """A session or an instance (`what`) is put into a store that outlives the run or request; `store` names it (`streamlit`,
    `flask-session`, …). `held` says of an instance that is stored itself, and not in a list, what is known of it on each path."""

    what: str
    store: str
    key: str
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class StateRead(Event):
    """A session (`what`), or an identity, is taken out of such a store."""

    what: str
    store: str
    key: str


@dataclass(frozen=True, slots=True)
class CrossSessionUse(Event):
    """An instance that is attached to one open session is added to another, or deleted from it (`operation`)."""

    operation: str
    model: ClassId
    is_cascade: bool


@dataclass(frozen=True, slots=True)
class MergeDropped(Event):
    """The result of a `merge()` at `at` is dropped, and its argument, which is not the merged instance, goes on being used as that:
    `use` says how."""

    model: ClassId
    use: str


@dataclass(frozen=True, slots=True)
class CacheFilled(Event):
    """A session or an instance (`what`) is put into a cache, or returned (`is_return`) by a function under a caching decorator."""

    what: str
    cache: str
    is_return: bool


@dataclass(frozen=True, slots=True)
class SessionHandedOver(Event):
    """A session or an attached instance (`what`) is handed to another thread, task or queue; `to` says to what, `held` what is known, on
    each path, of the instances."""

    what: str
    to: str
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class SerializedRead(Event):
    """A serializer called at `at` reads what is not in memory and cannot be loaded there. `schema` names its class, empty for a route's
    response model; it `is_behind` another one: the serializer fails before it gets there."""

    read: AttributeRead
    schema: str
    is_behind: bool = False


@dataclass(frozen=True, slots=True)
class DependencyReturnsSession(Event):
    """A dependency that a request used returns (at `at`) a session that it opened; when the request is over it is still open, or was closed
    by the very function that depends on it."""


@dataclass(frozen=True, slots=True)
class UserLoaded(Event):
    """A user loader returns (at `at`) an instance of `model`, None for an object that is not mapped. `status` is `attached` or `detached`;
    `is_whole` says that nothing of it is expired, or left unloaded by a query that was not told to load anything."""

    model: ClassId | None
    status: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class QueryGet(Event):
    """`Query.get()` is called; `model` is the queried class where it is known."""

    model: ClassId | None


EventType = TypeVar("EventType", bound=Event)


@dataclass(frozen=True, slots=True)
class Events:
    """All events of a program, sorted by place; `truncated` names the functions whose analysis met a limit, `failed` those on which it
    failed by a mistake of its own, each with what was said."""

    all: tuple[Event, ...]
    truncated: tuple[FunctionId, ...] = ()
    failed: tuple[tuple[FunctionId, str], ...] = ()

    def of(self, kind: type[EventType]) -> Iterator[EventType]:
        """The events of one class, in the order of their places."""
        return (event for event in self.all if isinstance(event, kind))
