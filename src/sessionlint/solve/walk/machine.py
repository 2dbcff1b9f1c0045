"""What every part of the walk shares: the program, the frame it is in, the events found, and the doors from one part to another.

`interpreter.Interpreter` is the one implementation; the parts (`expressions`, `calls`, `attributes`, …) only know this face of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from sessionlint.facts import FunctionFacts
from sessionlint.facts.ops import Expr, Stmt
from sessionlint.link import Program
from sessionlint.link.dependencies import imports_fastapi
from sessionlint.link.schemas import Schemas
from sessionlint.link.symbols import ClassId, FunctionId, Symbol
from sessionlint.solve.events import AttributeRead, StateRead
from sessionlint.solve.history import Step
from sessionlint.solve.keeping.handed import Handed
from sessionlint.solve.limits import HARD_STEPS, MAX_STATES, MAX_STEPS
from sessionlint.solve.start.relevance import Relevance
from sessionlint.solve.state.memo import Effect
from sessionlint.solve.state.notes import Memo, Note, Statics, Watched
from sessionlint.solve.state.objects import Arguments, Instance, Object
from sessionlint.solve.state.outcome import Outcome, Thrown
from sessionlint.solve.state.recorder import Recorder, Taken
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import FunctionValue, Key, Unknown, Value
from sessionlint.source import Location, Range

if TYPE_CHECKING:
    from sessionlint.solve.scopes.openings import Opening

K = TypeVar("K")
V = TypeVar("V")

Results: TypeAlias = list[tuple[PathState, Value]]
Several: TypeAlias = list[tuple[PathState, tuple[Value, ...]]]
Consumer: TypeAlias = Callable[[PathState, Value], Outcome]
"""What is done with each value that a generator yields; it says in which states the generator is resumed or left."""


Returned: TypeAlias = "Callable[[PathState, Value, Range, Frame], None]"
"""Who is told of what a frame returns and where, before the frame is left."""


class Sink:
    """Where exceptions go that start in a piece of code: one state of a kind and exception class, the earliest place first."""

    def __init__(self) -> None:
        self._found: dict[object, tuple[PathState, Thrown]] = {}

    def add(self, state: PathState, thrown: Thrown) -> None:
        """An exception leaves in `state`, which is copied."""
        key = (state.signature(), thrown.names)
        if key not in self._found and len(self._found) < 2 * MAX_STATES:
            self._found[key] = (state.copy(), thrown)

    def all(self) -> list[tuple[PathState, Thrown]]:
        """What was thrown, in order."""
        return list(self._found.values())


class TooLarge(Exception):
    """A root needs more steps than the bound; it is given up and named in `Events.truncated`."""


@dataclass(slots=True)
class Frame:
    """One activation of a function."""

    function: FunctionId
    facts: FunctionFacts
    key: Key
    depth: int
    parent: Frame | None = None
    owner: ClassId | None = None
    consumer: Consumer | None = None
    on_return: Returned | None = None
    sinks: list[Sink] = field(default_factory=list)
    handling: list[Thrown] = field(default_factory=list)
    loops: int = 0
    guards: int = 0
    calls: tuple[Step, ...] = ()
    context: str = ""
    symbols: dict[str, Symbol | None] | None = None

    @property
    def file(self) -> str:
        """The file its code is in."""
        return self.function.file

    def at(self, range: Range) -> Location:
        """A range of its file."""
        return Location(self.function.file, range)

    def site(self, range: Range, kind: str = "") -> Key:
        """The identity of what is made at a place in this activation."""
        return (*self.key, range.row, range.column, range.end_row, range.end_column, kind)


@dataclass(slots=True)
class Rendering:
    """A template that is being rendered by the call at `at` in `function`; `blocks` by name, those of the nearest descendant first."""

    at: Location
    function: FunctionId
    blocks: dict[str, list[FunctionId]] = field(default_factory=dict)


@dataclass(slots=True)
class Reading:
    """What a serializer that is called in `frame` has read that was not in memory, itself or in the properties that it read; `behind`
    is what it would have read next of something on which it fails."""

    frame: Frame
    found: list[AttributeRead]
    behind: list[AttributeRead] = field(default_factory=list)


_OF_A_WALK = (
    "steps", "tries", "guards", "awaiting", "rendering", "in_run_sync", "turning", "has_failed", "openings", "scopes_open", "unflushed",
    "has_generic_query", "identities", "is_dropped", "has_dropped", "managed", "has_tasks", "live", "pinned", "contexts", "frames", "taken",
    "effects", "reading", "symbols", "lineages",
)  # fmt: skip
"""What `Machine.begin` sets."""


class Machine:
    """The shared part of an analysis; see the module's docstring."""

    def __init__(self, program: Program) -> None:
        models = Watched(program.models)
        self.program = replace(program, models=models)
        self.acquisitions = {(found.at.file, found.at.range) for found in program.acquisitions}
        self.has_injection = any(imports_fastapi(program, file) for file in program.files)
        self.relevance = Relevance(self.program)
        self.schemas = Schemas(self.program)
        self.handed = Handed(self.program)
        self.query_properties: dict[Symbol | None, tuple[FunctionId, Expr]] | None = None
        self.users: dict[FunctionId, Instance] = {}
        self.user: Instance | None = None
        self.recorder = Recorder()
        self.statics = Statics()
        self.mentions: Memo[FunctionId, set[tuple[str, str]]] = Memo()
        self.endless: Memo[FunctionId, bool] = Memo()
        self.company: Memo[object, frozenset[ClassId]] = Memo()
        self.assigned: Memo[tuple[ClassId, str], list[tuple[FunctionId, Expr, Expr | None]]] = Memo()
        self.wrapped: dict[FunctionId, str] | None = None
        self.tails: dict[Location, frozenset[Range]] = {}
        self.declared: dict[FunctionId, frozenset[str]] = {}
        self.below: dict[tuple[FunctionId, str, str], set[str]] = {}
        self.made: Memo[FunctionId, Object | None] = Memo()
        self._models = models
        self.noting(Note())
        self.begin()

    def begin(self) -> None:
        """A walk starts: nothing is left of the one before."""
        self.steps = 0
        self.tries = 0
        self.guards = 0
        self.awaiting = False
        self.rendering: Rendering | None = None
        self.in_run_sync = False
        self.turning: list[tuple[Key, Value]] = []
        self.has_failed = False
        self.openings: list[Opening] = []
        self.scopes_open: list[tuple[Key, Location]] = []
        self.unflushed = 0
        self.has_generic_query = False
        self.identities: list[tuple[Key, tuple[Value, ...], StateRead]] = []
        self.is_dropped = self.has_dropped = False
        self.managed: list[Key] = []
        self.has_tasks = False
        self.live: list[Key] = []
        self.pinned: list[Value] = []
        self.contexts: dict[tuple[Key, FunctionId, Range], Key] = {}
        self.frames: dict[Key, Frame] = {}
        self.taken: dict[Key, Taken] = {}
        self.effects: dict[object, Effect] = {}
        self.symbols: dict[FunctionId, dict[str, Symbol | None]] = {}
        self.lineages: dict[tuple[FunctionId, Range], tuple[str, ...]] = {}
        self.reading: Reading | None = None

    def noting(self, note: Note) -> None:
        """What is asked of the program is put into `note` from here on."""
        self.note = self.relevance.note = note
        self.program.names.looked = note.functions
        self._models.looked = note.models
        self.handed.asked = note.called

    @contextmanager
    def aside(self) -> Iterator[Note]:
        """A walk of its own within another one: nothing is recorded, and what it asks of the program has a note of its own."""
        own = vars(self)
        saved, note = {name: own[name] for name in _OF_A_WALK}, self.note
        was_silent, self.recorder.is_silent = self.recorder.is_silent, True
        self.begin()
        self.noting(Note(is_static=True))
        try:
            yield self.note
        finally:
            own.update(saved)
            self.noting(note)
            self.recorder.is_silent = was_silent

    def kept(self, memo: Memo[K, V], key: K, work: Callable[[], V]) -> V:
        """What `work` gives, worked out once; what it asked of the program is noted for whoever uses it."""
        known = memo.get(key)
        if known is None:
            note = self.note
            self.noting(Note(is_static=note.is_static))
            try:
                known = memo[key] = work(), self.note
            finally:
                self.noting(note)
        self.note.include(known[1])
        return known[0]

    def count(self) -> None:
        """One more step of the current root."""
        self.steps += 1
        if self.steps > HARD_STEPS:
            raise TooLarge

    @property
    def is_tired(self) -> bool:
        """Whether calls are no longer followed."""
        return self.steps > MAX_STEPS

    def fresh(self, frame: Frame, state: PathState, range: Range, kind: str = "") -> Unknown:
        """A new unknown value made at `range`."""
        key = frame.site(range, kind)
        state.forget(key)
        return Unknown(key)

    def throw(self, frame: Frame, state: PathState, thrown: Thrown) -> None:
        """An exception starts here: remember the state as it is now."""
        if frame.sinks:
            frame.sinks[-1].add(state, thrown)

    def may_raise(self, frame: Frame, state: PathState, range: Range, names: tuple[str, ...] = ()) -> None:
        """Something here may raise; it is only followed where somebody could notice: a handler, or a session that has to be closed."""
        if frame.sinks and (self.tries or state.has_owned_session()):
            frame.sinks[-1].add(state, Thrown(frame.at(range), names))

    @contextmanager
    def pinning(self) -> Iterator[list[Value]]:
        """A list whose values are not forgotten while they are gathered from a running generator."""
        start = len(self.pinned)
        yield self.pinned
        del self.pinned[start:]

    # The doors; each is told in the module that implements it.

    def evaluate(self, frame: Frame, state: PathState, expr: Expr) -> Results:
        raise NotImplementedError

    def evaluate_all(self, frame: Frame, state: PathState, exprs: Sequence[Expr]) -> Several:
        raise NotImplementedError

    def branch(self, frame: Frame, state: PathState, expr: Expr) -> tuple[list[PathState], list[PathState]]:
        raise NotImplementedError

    def execute(self, frame: Frame, states: list[PathState], body: Sequence[Stmt]) -> Outcome:
        raise NotImplementedError

    def assign(self, frame: Frame, state: PathState, target: Expr, value: Value) -> list[PathState]:
        raise NotImplementedError

    def read(self, frame: Frame, state: PathState, value: Value, name: str, at: Range, reported: Range) -> Results:
        raise NotImplementedError

    def call(self, frame: Frame, state: PathState, function: Value, arguments: Arguments, at: Range) -> Results:
        raise NotImplementedError

    def run(self, frame: Frame, state: PathState, function: FunctionValue, arguments: Arguments, at: Range) -> Results:
        raise NotImplementedError

    def acquire(self, frame: Frame, state: PathState, function: FunctionValue | None, arguments: Arguments, at: Range) -> Results:
        raise NotImplementedError

    def iterate(self, frame: Frame, state: PathState, value: Value, at: Range, consumer: Consumer) -> Outcome:
        raise NotImplementedError
