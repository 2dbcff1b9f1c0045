"""Heap objects: everything that has a state of its own. They are immutable; a change puts a new one under the same key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from sessionlint.facts.ops import Comprehension
from sessionlint.link import AnnotationMeaning
from sessionlint.link.symbols import ClassId, FunctionId
from sessionlint.solve.events import Held
from sessionlint.solve.history import EMPTY, History
from sessionlint.solve.state.values import Key, Option, Value
from sessionlint.source import Location


class Failure(msgspec.Struct, frozen=True, gc=False):
    """A flush failed on a session and nobody has rolled it back. `handler` is the `except` that kept the exception, and the function it
    stands in; None while it is still on its way. `is_dirty` says that there is something to flush again."""

    at: Location
    handler: Location | None = None
    function: FunctionId | None = None
    is_dirty: bool = False


class Ending(msgspec.Struct, frozen=True):
    """A `commit()` or `close()` (`name`) that is the last thing in the block of the `with` at `scope`, and the one `before` it.

    `has_written` says that it ends a transaction in which something was written, `is_committed` that the scope has committed since."""

    name: str
    at: Location
    function: FunctionId
    frame: Key
    scope: Location
    before: Ending | None = None
    has_written: bool = False
    is_committed: bool = False


class Session(msgspec.Struct, frozen=True, gc=False):
    """A `Session` or `AsyncSession`.

    `owner` is the calling context that has to close it, None where somebody else does (a parameter, a scoped session, an object's
    attribute).
    `is_used` says that it did something for which it needs to be closed, `has_begun` that a transaction goes on. `expires` is
    None where the factory is not known.
    `holds` says that instances may hang on it, so that a commit may flush; `is_pending` that a query will flush something first,
    `has_written` that the transaction may have changed something, `connected_at` where it took the connection that it has.
    """

    is_async: bool
    acquired_at: Location | None
    owner: Key | None
    expires: bool | None = True
    is_open: bool = True
    is_used: bool = False
    has_begun: bool = False
    is_scoped: bool = False
    is_nullable: bool = False
    history: History = EMPTY
    autoflushes: bool | None = None
    holds: bool = True
    is_pending: bool = False
    failure: Failure | None = None
    has_written: bool = False
    ending: Ending | None = None
    connected_at: Location | None = None


class Memory(msgspec.Struct, frozen=True, gc=False):
    """What a query brings into memory of an instance: `loaded` and `missing` as in `Instance`; what may not be loaded lazily at all
    (`raising`), or not where that takes SQL (`raising_on_sql`)."""

    loaded: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    raising: frozenset[str] = frozenset()
    raising_on_sql: frozenset[str] = frozenset()


NO_MEMORY = Memory()


class Merged(msgspec.Struct, frozen=True, gc=False):
    """An instance was given to a `merge()` of `session` whose result was dropped; `is_changed` since."""

    session: Key
    at: Location
    function: FunctionId
    is_changed: bool = False


class Instance(msgspec.Struct, frozen=True, gc=False):
    """A mapped instance.

    `session` is the key of the session it is attached to, None for an unknown or no one (`is_transient`). `loaded` names
    relationships, deferred
    columns and columns left out by `load_only` that are in memory, `missing` plain columns that are not, `stale` those of them that were
    expired or left to be fetched by a flush. `query` is what comes into memory each time the query, or a refresh, brings the instance.
    `below` are the loader options for what hangs below it, `chain` the models from the queried one down to this. With `is_opaque` nothing
    is known of what is loaded, and nothing is ever reported. `children` are values of attributes read or set, `changed` the names set
    since the last flush (`*` where one of them is not known). An instance is new (`is_new`) from its INSERT to the commit; `turn` is the
    loop in a turn of which it was made, `identity` the primary key that it was got by, `merged` the dropped merge that it went into,
    `queried_at` the expression that makes the query (`select(User)`), which may stand elsewhere than what runs it.
    """

    model: ClassId
    session: Key | None
    is_opaque: bool = False
    is_transient: bool = False
    is_detached: bool = False
    is_expired: bool = False
    is_nullable: bool = False
    loaded: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()
    query: Memory = NO_MEMORY
    below: tuple[tuple[str, tuple[Option, ...]], ...] = ()
    children: tuple[tuple[str, Value], ...] = ()
    entity: ClassId | None = None
    path: tuple[str, ...] = ()
    chain: tuple[ClassId, ...] = ()
    context: str = ""
    is_new: bool = False
    changed: frozenset[str] = frozenset()
    turn: Key | None = None
    identity: Value | None = None
    merged: Merged | None = None
    queried_at: Location | None = None
    history: History = EMPTY

    def child(self, name: str) -> Value | None:
        """The value of an attribute that was read or set before."""
        return next((value for key, value in self.children if key == name), None)


class Query(msgspec.Struct, frozen=True, gc=False):
    """A `Query`, `select()` or the like. `entities` are what a row holds: a mapped class, or None for a column or something unknown.
    `identity` is the primary key that it asks for; it `refreshes` what is in the session already, if it was told to."""

    entities: tuple[ClassId | None, ...]
    session: Value | None
    options: tuple[Option, ...] = ()
    is_opaque: bool = False
    is_legacy: bool = False
    made_at: Location | None = None
    identity: Value | None = None
    refreshes: bool = False


class Result(msgspec.Struct, frozen=True, gc=False):
    """What `execute()`/`scalars()` returned: `row` is the value of one row (a tuple collection unless `is_scalars`)."""

    row: Value
    is_scalars: bool


class Collection(msgspec.Struct, frozen=True, gc=False):
    """A list, tuple, set, dict or anything iterated. `items` are the exact items where they are few and known (dicts: `keys` beside
    them), `elements` whatever else may be in it; `is_filled` says of the latter that it is not empty on this path. `would_hold` are the
    models of which instances were put into it in the turns of a loop that did not turn on this path."""

    kind: str
    items: tuple[Value, ...] | None = None
    keys: tuple[str | int | None, ...] = ()
    elements: tuple[Value, ...] = ()
    is_filled: bool = False
    would_hold: frozenset[ClassId] = frozenset()

    @property
    def has_any(self) -> bool:
        """Whether there is surely something in it."""
        return self.is_filled or bool(self.items)


class Object(msgspec.Struct, frozen=True, gc=False):
    """An instance of a class of the program that is not mapped.

    `fields` were set on this path; what is not among them is looked up in the class when it is read, and then kept in `seen`.
    """

    cls: ClassId
    fields: tuple[tuple[str, Value], ...] = ()
    is_parameter: bool = False
    is_nullable: bool = False
    seen: tuple[tuple[str, Value], ...] = ()

    def get(self, name: str) -> Value | None:
        """The value of a field that was set or read before."""
        return next((value for key, value in (*self.fields, *self.seen) if key == name), None)


class Factory(msgspec.Struct, frozen=True, gc=False):
    """A `sessionmaker` or `async_sessionmaker` (or a `scoped_session` around one); `is_borrowed` when bound to a connection that
    somebody else owns; `autoflushes` is None where the program's default holds."""

    is_async: bool
    expires: bool | None = True
    is_scoped: bool = False
    is_borrowed: bool = False
    autoflushes: bool | None = None


class Generator(msgspec.Struct, frozen=True, gc=False):
    """A call of a generator function (or of a `@contextmanager`) that has not run yet."""

    function: Value
    arguments: Arguments
    is_context: bool = False


class LateComprehension(msgspec.Struct, frozen=True, gc=False):
    """A generator expression: evaluated where it is consumed, in the variables of `env`; only `source`, what its first `for` loops
    over, at once."""

    op: Comprehension
    env: Key
    frame: Key
    source: Value | None = None


class Partial(msgspec.Struct, frozen=True, gc=False):
    """`functools.partial(function, …)`."""

    function: Value
    arguments: Arguments


class Coroutine(msgspec.Struct, frozen=True, gc=False):
    """A call of an async function (or of an `AsyncSession`'s method) that nobody has awaited yet."""

    function: Value
    arguments: Arguments


class ContextManager(msgspec.Struct, frozen=True, gc=False):
    """A context manager of a library: `closing`, `transaction` (`session.begin()`), `savepoint`, `owned` (`factory.begin()`),
    `application` (Flask's context), `unflushed` (`session.no_autoflush`), `suppress`, `stack`, `null`."""

    kind: str
    subject: Value | None = None
    entered: tuple[Value, ...] = ()


class State(msgspec.Struct, frozen=True, gc=False):
    """A store that outlives a run or a request: Streamlit's `session_state`, Flask's `session`, `g`."""

    store: str


class Foreign(msgspec.Struct, frozen=True, gc=False):
    """An instance of a class of a library whose methods are known by its canonical name: an executor, a task group, a queue."""

    name: str


class Task(msgspec.Struct, frozen=True, gc=False):
    """A coroutine with attached instances that runs beside whoever started it (`frame`), until it `is_pending` no longer; `group` waits
    for it."""

    result: Value
    frame: Key
    at: Location
    function: FunctionId
    history: History
    group: Key | None = None
    is_pending: bool = True
    held: tuple[Held, ...] = ()


class Renderer(msgspec.Struct, frozen=True, gc=False):
    """Something that finds or renders Jinja templates: an environment, Starlette's `Jinja2Templates`, or a `template` itself."""

    template: FunctionId | None


class TypeForm(msgspec.Struct, frozen=True, gc=False):
    """`list[UserOut]` as a value (`origin` is what stands before the brackets), or a Pydantic adapter for such a type, whose `origin` is
    None."""

    meaning: AnnotationMeaning
    origin: Value | None


class Connection(msgspec.Struct, frozen=True, gc=False):
    """A database connection that somebody else owns; a session bound to it takes none of its own."""


class Variables(msgspec.Struct, frozen=True, gc=False):
    """The local variables of one function activation; `quiet` are those whose value told nothing when it was bound, with the place where
    it was made if it is a query."""

    names: dict[str, Value] = msgspec.field(default_factory=dict)
    outer: Key | None = None
    quiet: Mapping[str, Location | None] = msgspec.field(default_factory=dict)


class Nothing(msgspec.Struct, frozen=True, gc=False):
    """A reference that turned out to be None on this path."""


class Arguments(msgspec.Struct, frozen=True, gc=False):
    """Arguments of a call; `is_open` says that `*args` or `**kwargs` of unknown content came along, `rest` what may be in them."""

    positional: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
    is_open: bool = False
    rest: tuple[Value, ...] = ()

    def get(self, position: int, name: str) -> Value | None:
        """The argument at `position` or called `name`."""
        if 0 <= position < len(self.positional):
            return self.positional[position]
        return next((value for key, value in self.keywords if key == name), None)

    def all(self) -> tuple[Value, ...]:
        """Every argument's value."""
        return self.positional + tuple([value for _, value in self.keywords]) if self.keywords else self.positional

    def given(self) -> tuple[Value, ...]:
        """Every argument's value, and what `*args` and `**kwargs` may bring."""
        return (*self.all(), *self.rest)


HeapObject: TypeAlias = (
    Session
    | Instance
    | Query
    | Result
    | Collection
    | Object
    | Factory
    | Generator
    | LateComprehension
    | Partial
    | Coroutine
    | ContextManager
    | State
    | Renderer
    | TypeForm
    | Connection
    | Foreign
    | Task
    | Nothing
)
