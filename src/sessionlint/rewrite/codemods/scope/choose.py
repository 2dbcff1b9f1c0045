"""Which strategy a site gets, and which of the configured scopes behaves there as the code does now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.link import Acquisition, FunctionId, FunctionSymbol, Program, Scope
from sessionlint.rewrite.codemod import Refusal
from sessionlint.rewrite.codemods.scope.decision import Target
from sessionlint.rewrite.codemods.scope.entering import absorbs_unseen, missed_outage
from sessionlint.rewrite.codemods.scope.fallback import is_fallback
from sessionlint.rewrite.codemods.scope.observers import Observers
from sessionlint.rewrite.codemods.scope.reach import Reached, reach
from sessionlint.rewrite.codemods.scope.services import Service, reach_service
from sessionlint.rewrite.codemods.scope.shapes import Shape
from sessionlint.rewrite.reading.callers import Callers
from sessionlint.rewrite.reading.walk import dotted, is_inside, walk
from sessionlint.source import is_test

CONNECTS = "connects"
"""The code of the refusal of a scope that connects when it is entered, where that matters."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """`kind` is `route`, `request-scoped`, `anywhere`, `service`, `test` or `scope` (the scopes' own code); `candidates` the scopes to
    try, best first."""

    kind: str
    candidates: tuple[str, ...] = ()
    refusal: Refusal | None = None


def strategy_of(site: Acquisition, program: Program, target: Target, callers: Callers) -> Strategy:
    """The strategy for a site, from where its function stands and who calls it."""
    function = site.function
    if _is_scope_code(program, function):
        return Strategy("scope", (), Refusal("scope-itself", "this is the code of the scopes themselves"))
    if is_test(function.file):
        return Strategy("test", (), Refusal("test", "tests are left to be migrated with what they test"))
    if ".self." in f".{site.dotted}" or _is_held(program, function, site):
        return Strategy("service", (target.routes,))
    if callers.routes(function) or callers.uses_current_user(function):
        return Strategy("route", (target.routes, target.default))
    if callers.is_request_only(function):
        return Strategy("request-scoped", (target.default, target.routes))
    return Strategy("anywhere", (target.routes, target.default))


def _is_scope_code(program: Program, function: FunctionId) -> bool:
    scopes = [s.function for s in program.scopes.values() if not is_fallback(program.function(s.function))]
    owners = {(scope.file, program.function(scope).owner) for scope in scopes}
    place = program.function(function)
    return function in program.scopes or is_fallback(place) or (place.owner >= 0 and (function.file, place.owner) in owners)


def _is_held(program: Program, function: FunctionId, site: Acquisition) -> bool:
    """Whether the manager is reached through the instance whose method this is (`self.db_manager`)."""
    facts = program.function(function)
    while facts.owner < 0 and facts.parent > 0:
        facts = program.files[function.file].facts.functions[facts.parent]
    is_static = any(isinstance(decorator, ops.Name) and decorator.id == "staticmethod" for decorator in facts.decorators)
    if facts.owner < 0 or not facts.parameters or is_static:
        return False
    for node in walk(*program.function(function).body):
        if isinstance(node, ops.Call) and node.at == site.at.range:
            return dotted(node.func).startswith(f"{facts.parameters[0].name}.")
    return False


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of a site when its scope is chosen; `writes` is whether its block may change anything, `ends` whether it may commit or
    roll back, `begins` whether it runs its transaction itself, `hands_out` whether instances
    leave it."""

    function: FunctionId
    shape: Shape
    writes: bool
    ends: bool
    begins: bool
    hands_out: bool


class Chooser:
    """Tries the candidates of a strategy in order."""

    def __init__(self, program: Program, callers: Callers) -> None:
        self.program, self.callers = program, callers
        self.observers = Observers(program, callers)

    def choose(self, site: Site, strategy: Strategy) -> Reached | Refusal:
        """The first candidate that behaves as the code does now; the first candidate's refusal if none does."""
        first: Refusal | None = None
        for wanted in strategy.candidates:
            found = self._try(site, wanted)
            if isinstance(found, Reached):
                return found
            first = first or found
        return first or strategy.refusal or Refusal("no-scope", "no scope is configured for it")

    def choose_service(self, site: Site, strategy: Strategy, lines: Mapping[str, tuple[str, ...]]) -> Service | Refusal:
        """The class's own way to a session, if the application's scope, which it may lead to, behaves as the code does now."""
        wanted = strategy.candidates[0]
        found = reach_service(self.program, self.callers, lines, site.function, site.shape, wanted)
        if isinstance(found, Refusal):
            return found
        # the class's own method keeps errors from a scope that would replace or swallow them, and enters no scope that cannot connect
        return self._unfit(site, replace(found.scope, errors="same"), wanted) or found

    def _try(self, site: Site, wanted: str) -> Reached | Refusal:
        manager = _manager_of(site.shape)
        if manager is None:
            return Refusal("unknown-manager", "how the manager is reached is not known")
        found = reach(self.program, site.function, manager, wanted)
        if isinstance(found, Refusal):
            return found
        return self._unfit(site, found.scope, wanted) or self._misses(site, found.scope, wanted) or found

    def _misses(self, site: Site, scope: Scope, wanted: str) -> Refusal | None:
        row = missed_outage(self.program, self.callers, site.function, site.shape, scope)
        if row is None:
            return None
        return Refusal(CONNECTS, f"`{wanted}` connects when it is entered, where the handler in line {row} would not see that fail")

    def _unfit(self, site: Site, scope: Scope, wanted: str) -> Refusal | None:
        if scope.is_async:
            return Refusal("async-scope", f"`{wanted}` is asynchronous")
        if scope.errors == "swallowed":
            return Refusal("swallows", f"`{wanted}` swallows exceptions")
        if site.hands_out and not (scope.commits or scope.closes):
            return Refusal("escapes", f"`{wanted}` is not known to end the session of the instances that leave the block")
        if site.begins:
            return Refusal("own-transaction", f"the block runs its transaction itself, and `{wanted}` runs one too")
        if scope.begins and (site.writes or site.ends):
            return Refusal(
                "own-transaction", f"`{wanted}` alone may end its transaction, and the block commits, or has to roll back, itself"
            )
        if scope.is_request_bound and not self.callers.is_request_only(site.function):
            return Refusal("outside-request", f"`{wanted}` needs a request, and this code may run without one")
        if scope.is_shared and (refusal := self._unfit_shared(site, wanted)) is not None:
            return refusal
        return self._unfit_errors(site, scope) if scope.errors == "translated" else None

    def _unfit_errors(self, site: Site, scope: Scope) -> Refusal | None:
        """Whether somebody would see that the scope raises errors of its own."""
        if site.shape.kind == "entered":
            unseen = absorbs_unseen(site.shape, self.program.files[site.function.file].facts)
            return None if unseen else Refusal("translated-errors", f"a handler around the block would see what `{scope.qualname}` raises")
        noticed = self.observers.of(site.function, site.shape)
        return Refusal("translated-errors", noticed) if noticed else None

    def _unfit_shared(self, site: Site, wanted: str) -> Refusal | None:
        """Whether other work on the request's one session may meet this block's."""
        if site.hands_out:
            return Refusal("shared", f"`{wanted}` hands out the request's one session, which would go on holding the instances that leave")
        if site.writes:
            return Refusal("shared", f"`{wanted}` hands out the request's one session, whose commit would not be this block's alone")
        if self._inside_shared(site.function, 0) or self._is_wrapped(site.function):
            return Refusal("nested", f"it may be called inside another `{wanted}` block, whose work it would commit")
        writer = self._written_before(site)
        if writer:
            return Refusal(
                "stale", f"`{wanted}` hands out the request's one session, which need not see what `{writer}()` has just written"
            )
        return None

    def _inside_shared(self, function: FunctionId, depth: int) -> bool:
        """Whether a caller holds a shared scope open around the call."""
        if depth > 4:
            return True
        for site in self.callers.of(function):
            for suite, _ in self.callers.around(site.function, site.call):
                if isinstance(suite.owner, ops.With) and any(self._is_shared(item) for item in suite.owner.items):
                    return True
            if site.function != function and self._inside_shared(site.function, depth + 1):
                return True
        return False

    def _is_wrapped(self, function: FunctionId) -> bool:
        """Whether a decorator calls the function inside a shared scope."""
        for decorator in self.program.function(function).decorators:
            symbol = self.program.resolve(function, decorator.func if isinstance(decorator, ops.Call) else decorator)
            if not isinstance(symbol, FunctionSymbol):
                continue
            functions = self.program.files[symbol.id.file].facts.functions
            inner = [f for i, f in enumerate(functions) if i == symbol.id.index or is_inside(functions, i, symbol.id.index)]
            parameters = {p.name for f in inner for p in f.parameters}
            for block in (s for f in inner for s in statements(f.body)):
                if isinstance(block, ops.With) and any(map(self._is_shared, block.items)):
                    called = {dotted(node.func) for node in walk(*block.body) if isinstance(node, ops.Call)}
                    if called & parameters:
                        return True
        return False

    def _written_before(self, site: Site) -> str:
        """A function called earlier in this one that commits something: another session may not see it."""
        row = site.shape.statement.at.row
        for node in walk(*self.program.function(site.function).body):
            if isinstance(node, ops.Call) and node.at.row < row:
                name = dotted(node.func)
                if name.rpartition(".")[2] in self._committing and not name.endswith(".commit"):
                    return name
        return ""

    @cached_property
    def _committing(self) -> frozenset[str]:
        """The names of the functions of the program that commit."""
        found = set()
        for module in self.program.files.values():
            for function in module.facts.functions[1:]:
                if any(
                    isinstance(n, ops.Call) and isinstance(n.func, ops.Attribute) and n.func.name == "commit" for n in walk(*function.body)
                ):
                    found.add(function.name)
        return frozenset(found)

    def _is_shared(self, item: ops.WithItem) -> bool:
        name = dotted(item.context).removesuffix("()").rpartition(".")[2]
        return any(s.is_shared and s.qualname.rpartition(".")[2] == name for s in self.program.scopes.values())


def _manager_of(shape: Shape) -> ops.Expr | None:
    call = shape.context
    if isinstance(call, ops.Call) and dotted(call.func).rpartition(".")[2] == "closing" and call.args:
        call = call.args[0]
    return call.func.value if isinstance(call, ops.Call) and isinstance(call.func, ops.Attribute) else None
