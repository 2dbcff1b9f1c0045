"""Which functions can matter to a session or an instance, so that the others need no walk. Entry points: `Relevance.roots`,
`Relevance.matters`."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.facts import FunctionFacts, ops
from sessionlint.knowledge.frameworks.stores import STORES
from sessionlint.knowledge.frameworks.templates import WORDS as RENDERING_WORDS
from sessionlint.knowledge.sqlalchemy.accessors import LOOKING
from sessionlint.knowledge.sqlalchemy.options import ALL as OPTIONS
from sessionlint.knowledge.sqlalchemy.sessions import FLUSHING
from sessionlint.knowledge.threads import WORDS as HAND_OVER_WORDS
from sessionlint.link import Program
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, FunctionSymbol, ModuleSymbol, Symbol, VariableSymbol
from sessionlint.solve.start.mentions import factory_names, handed, mentioned, mentions_of, waiting_in
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

MAX_CANDIDATES = 4
"""Methods of one name, on unrelated classes, that a call on something unknown is taken to reach; with more it reaches none."""

_IMPLICIT = ("__init__", "__post_init__", "__enter__", "__exit__", "__aenter__", "__aexit__", "__call__", "__iter__")
"""Methods that run when an object is made or used, without being named."""


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
        self._open: dict[FunctionId, bool] = {}
        self._handing: dict[FunctionId, bool] = {}
        self.enclosing = _enclosing(program)
        attributes = {
            name
            for model in program.models.values()
            for name, attribute in model.attributes.items()
            if attribute.kind in {"relationship", "deferred", "association_proxy", "column"}
        }
        models = {model.name for model in program.models.values() if model.is_mapped}
        words = WORDS | {acquisition.acquirer.rpartition(".")[2] for acquisition in program.acquisitions}
        words |= factory_names(program)
        self._words = frozenset(words)
        self._methods = _methods_by_name(program)
        direct, touching = set[FunctionId](), set[FunctionId]()
        scopes = frozenset(_scope_names(program))
        by_word: dict[frozenset[str], set[FunctionId]] = {HAND_OVER_WORDS: set(), FLUSHING: set(), SETTLING: set(), scopes: set()}
        self._callees: dict[FunctionId, tuple[FunctionId, ...]] = {}
        for file in sorted(program.files):
            for index, function_facts in enumerate(program.files[file].facts.functions):
                function = FunctionId(file, index)
                if self._is_of_template(function):
                    continue
                mentions = set(mentions_of(function_facts))
                names = {name for _, name in mentions}
                gets = "get" in names and any(name in models for receiver, name in mentions if not receiver)
                has_word = gets or bool(names & words) or self._keeps(function, names)
                if has_word:
                    direct.add(function)
                if has_word or names & attributes or names & RENDERING_WORDS or names & LOOKING:
                    touching.add(function)
                _note(by_word, names, function)
                self._callees[function] = tuple(sorted(set(self._called(function, function_facts, mentions))))
        self._hands_over = self._closed(by_word[HAND_OVER_WORDS])
        self._direct = frozenset(direct)
        self._relevant = self._closed(direct)
        self._touching = self._closed(touching)
        self._openers = {program.function(found).name for found in self._relevant} | {
            program.class_(owner).name for found in self._relevant if (owner := program.owner_of(found)) is not None
        }
        self._scoping = self._closed(by_word[scopes])
        self._waiting = self._closed(waiting_in(program, self._callees))
        self._flushing = self._closed(by_word[FLUSHING])
        self._ending = self._closed(by_word[SETTLING]) | self._flushing
        self._settling = self._ending | self._relevant

    def notice(self, names: set[str]) -> None:
        """These names turned out to stand for something: functions that mention them matter as well."""
        program = self._program
        found = {function for function in self._callees if names & {name for _, name in mentions_of(program.function(function))}}
        closed = self._closed(found)
        self._direct, self._relevant, self._touching = self._direct | found, self._relevant | closed, self._touching | closed

    def _keeps(self, function: FunctionId, names: set[str]) -> bool:
        """Whether a function mentions a store by a name that others have as well: Flask's `session`."""
        found = [self._program.lookup(function, name) for name in names & _STORE_NAMES]
        return any(isinstance(symbol, External) and symbol.name in STORES for symbol in found)

    def _called(self, function: FunctionId, facts: FunctionFacts, mentions: set[tuple[str, str]]) -> Iterator[FunctionId]:
        """The functions that `function` may call, as far as names tell."""
        program = self._program
        own = program.owner_of(function)
        first = facts.parameters[0].name if facts.parameters else ""
        for receiver, name in mentions:
            if receiver == "":
                yield from self._behind(program.lookup(function, name))
            elif own is not None and receiver == first:
                method = program.method(own, name)
                if method is not None:
                    yield method
            else:
                symbol = program.lookup(function, receiver) if receiver != "*" else None
                if isinstance(symbol, ModuleSymbol):
                    yield from self._behind(program.member(symbol.name, name))
                elif isinstance(symbol, ClassSymbol) and (method := program.method(symbol.id, name)) is not None:
                    yield method
                elif len(candidates := self._methods.get(name, ())) <= MAX_CANDIDATES:
                    yield from candidates
        for index, inner in enumerate(program.files[function.file].facts.functions):
            if inner.parent == function.index and function.index:
                yield FunctionId(function.file, index)

    def _behind(self, symbol: Symbol | None) -> Iterator[FunctionId]:
        if isinstance(symbol, FunctionSymbol):
            yield symbol.id
        elif isinstance(symbol, ClassSymbol):
            yield from self._of_class(symbol.id)
        elif isinstance(symbol, VariableSymbol):
            # `fetch_users = partial(fetch_all, User)`: whatever the assigned expression names
            for function, value, _ in self._program.assignments(symbol):
                for receiver, name in mentioned(value):
                    found = self._program.lookup(function, name) if receiver == "" else None
                    if isinstance(found, FunctionSymbol | ClassSymbol):
                        yield from self._behind(found)

    def _of_class(self, cls: ClassId) -> Iterator[FunctionId]:
        for name in _IMPLICIT:
            method = self._program.method(cls, name)
            if method is not None:
                yield method

    def _closed(self, found: set[FunctionId]) -> frozenset[FunctionId]:
        """`found` and everything that calls into it."""
        callers: dict[FunctionId, list[FunctionId]] = {}
        for caller, callees in self._callees.items():
            for callee in callees:
                callers.setdefault(callee, []).append(caller)
        closed, pending = set(found), list(found)
        while pending:
            for caller in callers.get(pending.pop(), ()):
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

    def is_relevant(self, function: FunctionId) -> bool:
        """Whether a function handles sessions, itself or in what it calls."""
        return function in self._relevant

    def is_worth_walking(self, function: FunctionId) -> bool:
        """Whether a root has to be walked: it handles sessions itself, makes a function that does, or something of interest comes out of
        what it calls."""
        return function in self._direct or any(
            callee in self._relevant
            and (
                self.exports.get(callee, True)
                or self._is_inside(callee, function)
                or (self._is_open(callee) and self._hands_much(function))
            )
            for callee in self._callees[function]
        )

    def _is_open(self, function: FunctionId) -> bool:
        """Whether a parameter's annotation, or that of its object's `__init__`, promises less than may be given: walked as a root, the
        function met less there."""
        if function not in self._open:
            owner = self._program.owner_of(function)
            made = self._program.method(owner, "__init__") if owner is not None else None
            self._open[function] = any(self._promises_little(found) for found in {function, made} - {None} if found is not None)
        return self._open[function]

    def _promises_little(self, function: FunctionId) -> bool:
        """Whether a parameter has no annotation, or one with a class that others stand in for."""
        own = self._program.function(function).parameters[self._program.owner_of(function) is not None :]
        for parameter in own:
            symbol = self._program.annotation_class(function, parameter.annotation) if parameter.annotation is not None else None
            if parameter.annotation is None or (isinstance(symbol, ClassSymbol) and self._is_stood_in_for(symbol.id)):
                return True
        return False

    def _is_stood_in_for(self, cls: ClassId) -> bool:
        """Whether a class that is no model has subclasses in the program, or is a protocol."""
        if cls in self._program.models:
            return False
        is_protocol = any(isinstance(base, External) and base.name.endswith(".Protocol") for base in self._program.mro(cls))
        return is_protocol or bool(self._program.subclasses(cls))

    def _hands_much(self, function: FunctionId) -> bool:
        """Whether a function names a class of the program, or hands a function of it on."""
        if function not in self._handing:
            facts = self._program.function(function)
            mentions = {name for receiver, name in mentions_of(facts) if receiver == ""}
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
        return any(function in self._relevant and self.exports.get(function, True) for function in functions)

    def may_flush(self, function: FunctionId) -> bool:
        """Whether a call of the function can lead to a flush."""
        return function in self._flushing and function not in self.too_large

    def may_settle(self, function: FunctionId) -> bool:
        """Whether a call of the function can lead to a use, a rollback or the end of a session."""
        return function in self._settling and function not in self.too_large

    def may_open_scope(self, function: FunctionId) -> bool:
        """Whether a call of the function can enter a scope whose session inner ones share."""
        return function in self._scoping and function not in self.too_large

    def may_wait(self, function: FunctionId) -> bool:
        """Whether a call of the function can wait for something outside the program."""
        return function in self._waiting and function not in self.too_large

    def may_open(self, call: ops.Call) -> bool:
        """Whether a call of the program's top level can give a session."""
        names = {name for _, name in mentioned(call.func)}
        return bool(names & self._words) or any(name in self._openers for name in names)

    def matters(self, function: FunctionValue, state: PathState, arguments: Arguments) -> bool:
        """Whether a call can do something to a session or an instance: by what it is given, or by what comes out of it."""
        if function.id in self.too_large:
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
        return function.env is not None or self.exports.get(function.id, True)

    def _is_given(self, function: FunctionValue, state: PathState, given: list[Value]) -> bool:
        """Whether what a call is given, or closes over, is of interest to the function."""
        if any(carries(state, value, 3, (Session,)) for value in given):
            return True
        if function.id in self._hands_over and any(isinstance(state.object(value), Session | Object) for value in given):
            return True
        # what is kept by an object may be read by its other methods
        name = self._program.function(function.id).name
        if function.id in self._touching or name == "__init__" or self._is_of_template(function.id):
            if any(carries(state, value) for value in given):
                return True
            if name == "__init__" and any(isinstance(state.object(value), Object) for value in given[:-1]):
                return True
            if function.env is not None and variables_carry(state, function.env):
                return True
        return any(isinstance(value, FunctionValue) or isinstance(state.object(value), Factory | Partial) for value in given)

    def _meets_more(self, function: FunctionValue, state: PathState, arguments: Arguments) -> bool:
        """Whether a call is given an object of the program, or is one of an object that holds some or a function, where no annotation
        promised that when it was walked as a root: its methods may hand out what is tracked, or keep it."""
        if not self._is_open(function.id):
            return False
        own = state.object(function.bound) if function.bound is not None else None
        held = [value for _, value in own.fields] if isinstance(own, Object) else []
        if any(isinstance(value, FunctionValue) and value.id in self._relevant for value in held):
            return True
        return any(isinstance(state.object(value), Object | Factory | Partial) for value in (*arguments.all(), *held))


def _enclosing(program: Program) -> frozenset[FunctionId]:
    functions = ((file, inner) for file, module in program.files.items() for inner in module.facts.functions)
    return frozenset(FunctionId(file, inner.parent) for file, inner in functions if inner.parent >= 0)


def _scope_names(program: Program) -> Iterator[str]:
    """By what names the scopes that share a session are entered."""
    for function, scope in program.scopes.items():
        owner = program.owner_of(function)
        if scope.is_shared:
            is_class = program.function(function).name in _IMPLICIT and owner is not None
            yield program.class_(owner).name if is_class and owner is not None else program.function(function).name


def _methods_by_name(program: Program) -> dict[str, list[FunctionId]]:
    found: dict[str, list[FunctionId]] = {}
    for file in sorted(program.files):
        for facts in program.files[file].facts.classes:
            for name, index in facts.methods.items():
                found.setdefault(name, []).append(FunctionId(file, index))
    return found


def _has_scoped_instances(state: PathState) -> bool:
    """Whether instances hang on a session that every function can reach without being handed it."""
    attached = {found.session for found in state.heap.values() if isinstance(found, Instance) and not found.is_opaque}
    return any(isinstance(found := state.heap.get(key), Session) and found.is_scoped for key in attached if key is not None)


def _note(by_word: dict[frozenset[str], set[FunctionId]], names: set[str], function: FunctionId) -> None:
    for wanted, mentioning in by_word.items():
        if names & wanted:
            mentioning.add(function)
