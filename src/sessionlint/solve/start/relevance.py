"""Which functions can matter to a session or an instance, so that the others need no walk. Entry points: `Relevance.roots`,
`Relevance.matters`."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.facts import mentioned, ops
from sessionlint.knowledge.frameworks.stores import STORES
from sessionlint.knowledge.frameworks.templates import WORDS as RENDERING_WORDS
from sessionlint.knowledge.sqlalchemy.accessors import LOOKING
from sessionlint.knowledge.sqlalchemy.options import ALL as OPTIONS
from sessionlint.knowledge.sqlalchemy.sessions import FLUSHING
from sessionlint.knowledge.threads import WORDS as HAND_OVER_WORDS
from sessionlint.link import Program
from sessionlint.link.symbols import ClassSymbol, External, FunctionId, FunctionSymbol
from sessionlint.solve.start.calling import IMPLICIT, Calling
from sessionlint.solve.start.mentions import factory_names, handed, waiting_in
from sessionlint.solve.start.offering import Offering, holds_session
from sessionlint.solve.start.promises import Promises
from sessionlint.solve.state.notes import Note
from sessionlint.solve.state.objects import Arguments, Factory, Instance, Object, Partial, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.tracking import carries, variables_carry
from sessionlint.solve.state.values import ClassValue, FunctionValue, Key, Value

WORDS = frozenset(
    {
        "query",
        "execute",
        "scalars",
        "scalar",
        "exec",
        "commit",
        "rollback",
        "flush",
        "refresh",
        "expunge",
        "expunge_all",
        "session_state",
        "get_session",
        "get_db",
        "Session",
        "AsyncSession",
        "sessionmaker",
        "async_sessionmaker",
        "scoped_session",
        "session_scope",
        "yield_per",
        "add_all",
        "get_one",
        "stream_scalars",
        *OPTIONS,
    }
)
"""Names without which nothing happens to a session; a function that mentions none, and calls none that does, is left out as a root."""


_STORE_NAMES = frozenset(name.rpartition(".")[2] for name in STORES)
SETTLING = frozenset({"rollback", "close", "aclose", "remove", "reset", "invalidate"})
"""Names of methods after which a session is as good as new."""

_KINDS: dict[str, frozenset[str]] = {
    "word": WORDS,
    "touching": RENDERING_WORDS | LOOKING,
    "get": frozenset({"get"}),
    "stored": _STORE_NAMES,
    "handing": HAND_OVER_WORDS,
    "flushing": FLUSHING,
    "settling": SETTLING,
    "scoping": frozenset(),
}
"""What a function is taken for that mentions one of the names; those of a program come on top."""

_NONE: frozenset[str] = frozenset()
_MODEL = frozenset({"model"})


class Relevance:
    """Which functions matter, by what they mention and by what the functions mention that they call.

    What is `too_large` to be walked to its end as a root is not walked inside others either.
    `enclosing` are the functions in which others are defined.
    `exports` says of a function that was walked whether a session, an instance or the like comes out of a call of it that was given none.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self.exports: dict[FunctionId, bool] = {}
        self.too_large: set[FunctionId] = set()
        self.note = Note()
        self._promises = Promises(program)
        self._handing: dict[FunctionId, bool] = {}
        self.enclosing = _enclosing(program)
        words = WORDS | {acquisition.acquirer.rpartition(".")[2] for acquisition in program.acquisitions}
        self._words = frozenset(words | factory_names(program))
        self._callees: dict[FunctionId, tuple[FunctionId, ...]] = {}
        found = self._found()
        self._callers = _inverted(self._callees)
        self._hands_over = self._closed(found["handing"])
        self._direct = frozenset(found["direct"])
        self._relevant = self._closed(found["direct"])
        self._touching = self._closed(found["touching"])
        self._openers = {program.function(found).name for found in self._relevant} | {
            program.class_(owner).name for found in self._relevant if (owner := program.owner_of(found)) is not None
        }
        self._scoping = self._closed(found["scoping"])
        self._waiting = self._closed(waiting_in(program, self._callees))
        self._flushing = self._closed(found["flushing"])
        self._ending = self._closed(found["settling"]) | self._flushing
        self._settling = self._ending | self._relevant
        self._offering = Offering(program, self._relevant)

    def _found(self) -> dict[str, set[FunctionId]]:
        """The functions by the kinds of names that they mention; notes what each may call."""
        program, kinds, calling = self._program, self._kinds(), Calling(self._program)
        models = {model.name for model in program.models.values() if model.is_mapped}
        found: dict[str, set[FunctionId]] = {kind: set() for kind in (*_KINDS, "direct")}
        for file in sorted(program.files):
            summary = program.names.summary(file)
            marks = [kinds.get(name, _NONE) | (_MODEL if not receiver and name in models else _NONE) for receiver, name in summary.mentions]
            for function, callees in calling.of_file(file):
                if self._is_of_template(function):
                    continue
                self._callees[function] = callees
                has = _NONE.union(*(marks[number] for number in summary.functions[function.index].mentions))
                if "word" in has or {"get", "model"} <= has or ("stored" in has and self._keeps(function)):
                    has |= {"direct", "touching"}
                for kind in has - _MODEL:
                    found[kind].add(function)
        return found

    def _kinds(self) -> dict[str, frozenset[str]]:
        """What names are good for, as far as they are good for anything."""
        attributes = {
            name
            for model in self._program.models.values()
            for name, attribute in model.attributes.items()
            if attribute.kind in {"relationship", "deferred", "association_proxy", "column"}
        }
        found: dict[str, set[str]] = {}
        scopes = frozenset(_scope_names(self._program))
        for kind, names in {**_KINDS, "word": self._words, "touching": _KINDS["touching"] | attributes, "scoping": scopes}.items():
            for name in names:
                found.setdefault(name, set()).add(kind)
        return {name: frozenset(kinds) for name, kinds in found.items()}

    def notice(self, names: set[str]) -> None:
        """These names turned out to stand for something: functions that mention them matter as well."""
        program = self._program
        found = {function for function in self._callees if any(name in names for _, name in program.names.mentions(function))}
        closed = self._closed(found)
        self._direct, self._relevant, self._touching = self._direct | found, self._relevant | closed, self._touching | closed
        self._offering = Offering(program, self._relevant)

    def _keeps(self, function: FunctionId) -> bool:
        """Whether a function mentions a store by a name that others have as well: Flask's `session`."""
        names = {name for _, name in self._program.names.mentions(function)} & _STORE_NAMES
        found = [self._program.lookup(function, name) for name in sorted(names)]
        return any(isinstance(symbol, External) and symbol.name in STORES for symbol in found)

    def _closed(self, found: set[FunctionId]) -> frozenset[FunctionId]:
        """`found` and everything that calls into it."""
        closed, pending = set(found), list(found)
        while pending:
            for caller in self._callers.get(pending.pop(), ()):
                if caller not in closed:
                    closed.add(caller)
                    pending.append(caller)
        return frozenset(closed)

    def roots(self) -> list[FunctionId]:
        """The functions from which the analysis starts, callees before their callers."""
        order: dict[FunctionId, None] = {}
        seen = set[FunctionId]()
        for start in sorted(self._relevant):
            stack: list[tuple[FunctionId, Iterator[FunctionId]]] = []
            if start not in seen:
                seen.add(start)
                stack.append((start, iter(self._callees[start])))
            while stack:
                function, callees = stack[-1]
                following = next((callee for callee in callees if callee in self._relevant and callee not in seen), None)
                if following is None:
                    order[function] = None
                    stack.pop()
                else:
                    seen.add(following)
                    stack.append((following, iter(self._callees[following])))
        return [function for function in order if self._program.function(function).name != "<lambda>"]

    def callees(self, function: FunctionId) -> tuple[FunctionId, ...]:
        """The functions that a function may call, as far as names tell."""
        return self._callees[function]

    def traits(self) -> dict[FunctionId, int]:
        """What is known of functions besides what they export: a number that is the same as long as that is."""
        found: dict[FunctionId, int] = {}
        sets = (
            self._relevant,
            self._touching,
            self._hands_over,
            self._flushing,
            self._ending,
            self._settling,
            self._scoping,
            self._waiting,
        )
        for place, functions in enumerate((*sets, self.enclosing)):
            for function in functions:
                found[function] = found.get(function, 0) | 1 << place
        return found

    def is_relevant(self, function: FunctionId) -> bool:
        """Whether a function handles sessions, itself or in what it calls."""
        self.note.functions.add(function)
        return function in self._relevant

    def _exports(self, function: FunctionId) -> bool:
        """Whether something of interest may come out of a call of the function; of one that was not walked yet that is not known."""
        if self.note.is_static:
            return True
        self.note.exports[function] = found = self.exports.get(function, True)
        return found

    def _is_too_large(self, function: FunctionId) -> bool:
        """Whether the function is known not to be walked to its end."""
        self.note.functions.add(function)
        if self.note.is_static:
            return False
        self.note.too_large[function] = found = function in self.too_large
        return found

    def is_worth_walking(self, function: FunctionId) -> bool:
        """Whether a root has to be walked: it handles sessions itself, makes a function that does, or something of interest comes out of
        what it calls."""
        return function in self._direct or any(
            callee in self._relevant
            and (
                self.exports.get(callee, True)
                or self._is_inside(callee, function)
                or (self._promises.is_open(callee) and self._hands_much(function))
            )
            for callee in self._callees[function]
        )

    def _hands_much(self, function: FunctionId) -> bool:
        """Whether a function names a class of the program, or hands a function of it on."""
        if function not in self._handing:
            facts = self._program.function(function)
            mentions = {name for receiver, name in self._program.names.mentions(function) if receiver == ""}
            named = (self._program.lookup(function, name) for name in mentions)
            given = (self._program.lookup(function, name) for name in set(handed(facts.body)))
            self._handing[function] = any(isinstance(symbol, ClassSymbol) for symbol in named) or any(
                isinstance(symbol, FunctionSymbol) for symbol in given
            )
        return self._handing[function]

    def _is_inside(self, inner: FunctionId, function: FunctionId) -> bool:
        """Whether a function is defined in another one: a walk without what it closes over says nothing of it."""
        return inner.file == function.file and self._program.function(inner).parent == function.index > 0

    def _is_of_template(self, function: FunctionId) -> bool:
        """Whether a function is part of a template: never a root, and what a macro reads is not asked beforehand."""
        if function.file in self._program.templates:
            return True
        templates = self._program.files[function.file].facts.templates
        return bool(templates) and function.index >= min(templates.values())

    def _wraps(self, state: PathState, env: Key) -> bool:
        """Whether a closure has a function that matters, as the wrapper that a decorator makes does."""
        found = state.variables.get(env)
        functions = [value.id for value in found.names.values() if isinstance(value, FunctionValue)] if found is not None else []
        return any(function in self._relevant and self._exports(function) for function in functions)

    def may_flush(self, function: FunctionId) -> bool:
        """Whether a call of the function can lead to a flush."""
        return not self._is_too_large(function) and function in self._flushing

    def may_settle(self, function: FunctionId) -> bool:
        """Whether a call of the function can lead to a use, a rollback or the end of a session."""
        return not self._is_too_large(function) and function in self._settling

    def may_open_scope(self, function: FunctionId) -> bool:
        """Whether a call of the function can enter a scope whose session inner ones share."""
        return not self._is_too_large(function) and function in self._scoping

    def may_wait(self, function: FunctionId) -> bool:
        """Whether a call of the function can wait for something outside the program."""
        return not self._is_too_large(function) and function in self._waiting

    def may_open(self, call: ops.Call) -> bool:
        """Whether a call of the program's top level can give a session."""
        names = {name for _, name in mentioned(call.func)}
        return bool(names & self._words) or any(name in self._openers for name in names)

    def matters(self, function: FunctionValue, state: PathState, arguments: Arguments) -> bool:
        """Whether a call can do something to a session or an instance: by what it is given, or by what comes out of it."""
        if self._is_too_large(function.id):
            return False
        given = [*arguments.all(), *([function.bound] if function.bound is not None else [])]
        if self._is_given(function, state, given):
            return True
        if function.env is not None and self._wraps(state, function.env):
            return True
        if function.id not in self._relevant:
            return False
        if function.id in self._ending and _has_scoped_instances(state):
            return True
        if any(isinstance(value, ClassValue) for value in arguments.all()) or self._meets_more(function, state, arguments):
            return True
        # a closure was walked as a root without what it closes over, so that says nothing of this call
        return function.env is not None or self._exports(function.id)

    def _is_given(self, function: FunctionValue, state: PathState, given: list[Value]) -> bool:
        """Whether what a call is given, or closes over, is of interest to the function."""
        if any(carries(state, value, 3, (Session,)) for value in given):
            return True
        if function.id in self._hands_over and any(self._may_be_handed_over(function, state, value) for value in given):
            return True
        # what is kept by an object may be read by its other methods
        name = self._program.function(function.id).name
        if function.id in self._touching or name == "__init__" or self._is_of_template(function.id):
            if any(carries(state, value) for value in given):
                return True
            if name == "__init__" and any(isinstance(state.object(value), Object) and self._offers(state, value) for value in given[:-1]):
                return True
            if function.env is not None and variables_carry(state, function.env):
                return True
        return any(isinstance(value, FunctionValue) or isinstance(state.object(value), Factory | Partial) for value in given)

    def _meets_more(self, function: FunctionValue, state: PathState, arguments: Arguments) -> bool:
        """Whether a call is given an object of the program, or is one of an object that holds some or a function, where no annotation
        promised that when it was walked as a root: its methods may hand out what is tracked, or keep it."""
        if not self._promises.is_open(function.id):
            return False
        own = state.object(function.bound) if function.bound is not None else None
        held = [value for _, value in own.fields] if isinstance(own, Object) else []
        if any(isinstance(value, FunctionValue) and value.id in self._relevant for value in held):
            return True
        return any(
            not isinstance(value, FunctionValue) and not isinstance(state.object(value), Session) and self._offers(state, value)
            for value in (*arguments.all(), *held)
        )

    def _may_be_handed_over(self, function: FunctionValue, state: PathState, value: Value) -> bool:
        """Whether a thread may get a session with what a call is given that it did not get when the function was walked as a root."""
        found = state.object(value)
        if isinstance(found, Session):
            return True
        return isinstance(found, Object) and (
            holds_session(state, value) or (self._promises.is_open(function.id) and self._offers(state, value))
        )

    def _offers(self, state: PathState, value: Value) -> bool:
        """Whether what a call is given has a part in what happens to sessions."""
        return self._offering.offers(state, value, self.note.functions)


def _enclosing(program: Program) -> frozenset[FunctionId]:
    functions = ((file, inner) for file, module in program.files.items() for inner in module.facts.functions)
    return frozenset(FunctionId(file, inner.parent) for file, inner in functions if inner.parent >= 0)


def _scope_names(program: Program) -> Iterator[str]:
    """By what names the scopes that share a session are entered."""
    for function, scope in program.scopes.items():
        owner = program.owner_of(function)
        if scope.is_shared:
            is_class = program.function(function).name in IMPLICIT and owner is not None
            yield program.class_(owner).name if is_class and owner is not None else program.function(function).name


def _inverted(callees: dict[FunctionId, tuple[FunctionId, ...]]) -> dict[FunctionId, list[FunctionId]]:
    callers: dict[FunctionId, list[FunctionId]] = {}
    for caller, called in callees.items():
        for callee in called:
            callers.setdefault(callee, []).append(caller)
    return callers


def _has_scoped_instances(state: PathState) -> bool:
    """Whether instances hang on a session that every function can reach without being handed it."""
    attached = {found.session for found in state.heap.values() if isinstance(found, Instance) and not found.is_opaque}
    return any(isinstance(found := state.heap.get(key), Session) and found.is_scoped for key in attached if key is not None)
