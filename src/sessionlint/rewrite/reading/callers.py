"""Who calls a function, and whether that is only ever done while a request is answered. Entry point: `Callers`."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.facts import ops
from sessionlint.facts.ops import Stmt
from sessionlint.link import EntryPoint, External, FunctionId, FunctionSymbol, Program
from sessionlint.rewrite.reading.walk import Suite, dotted, headers, suites, walk

DEPTH = 6
CURRENT_USER = frozenset({"flask_login.current_user", "flask_login.utils.current_user"})


@dataclass(frozen=True, slots=True)
class CallSite:
    """A call: the function it stands in, and the statement. `is_certain` is false where only the name of what is called is known."""

    function: FunctionId
    call: ops.Call
    is_certain: bool


class Callers:
    """The program's calls by name, collected and resolved when asked for."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._request_only: dict[FunctionId, bool] = {}
        self._known: dict[str, tuple[list[tuple[FunctionId, ops.Call]], int]] = {}

    def _of_name(self, name: str) -> tuple[list[tuple[FunctionId, ops.Call]], int]:
        """The calls of something called so, and how often the name is mentioned at all."""
        if name not in self._known:
            calls, mentions = list[tuple[FunctionId, ops.Call]](), 0
            for id in self.program.names.mentioning({name}, self.program.files):
                function = self.program.function(id)
                for node in walk(*function.body, *function.decorators):
                    if isinstance(node, ops.Call) and dotted(node.func).rpartition(".")[2] == name:
                        calls.append((id, node))
                    elif (isinstance(node, ops.Name) and node.id == name) or (isinstance(node, ops.Attribute) and node.name == name):
                        mentions += 1
            self._known[name] = calls, mentions
        return self._known[name]

    def named(self, name: str) -> list[tuple[FunctionId, ops.Call]]:
        """Every call of something called `name`, decorators with arguments included."""
        return self._of_name(name)[0]

    def of(self, function: FunctionId) -> list[CallSite]:
        """The calls that are, or may be, calls of `function`."""
        found = []
        for caller, call in self.named(self.program.function(function).name):
            symbol = self.program.resolve(caller, call.func)
            if isinstance(symbol, FunctionSymbol):
                if symbol.id == function:
                    found.append(CallSite(caller, call, True))
            elif symbol is None and isinstance(call.func, ops.Attribute) and self.program.function(function).owner >= 0:
                found.append(CallSite(caller, call, False))
        return found

    def is_used_as_value(self, function: FunctionId) -> bool:
        """Whether the function's name is mentioned other than in a call, so that anybody may call it."""
        calls, mentions = self._of_name(self.program.function(function).name)
        return mentions > len(calls)

    # -- requests -------------------------------------------------------------------------------------------------

    def routes(self, function: FunctionId) -> tuple[EntryPoint, ...]:
        """The entry points by which the framework calls the function as a route."""
        return tuple(point for point in self.program.entry_points.get(function, ()) if point.kind == "route")

    def uses_current_user(self, function: FunctionId) -> bool:
        """Whether the function itself reads flask-login's `current_user`."""
        for node in walk(*self.program.function(function).body):
            if isinstance(node, ops.Name) and node.id == "current_user":
                symbol = self.program.resolve(function, node)
                return not isinstance(symbol, External) or symbol.name in CURRENT_USER
        return False

    def is_request_only(self, function: FunctionId, depth: int = 0) -> bool:
        """Whether the function provably runs in requests only: a route, or called by such alone."""
        known = self._request_only.get(function)
        if known is not None:
            return known
        self._request_only[function] = False
        found = self._runs_in_requests(function, depth)
        self._request_only[function] = found
        return found

    def _runs_in_requests(self, function: FunctionId, depth: int) -> bool:
        points = self.program.entry_points.get(function, ())
        if points:
            return all(point.kind == "route" and point.framework == "flask" for point in points)
        facts = self.program.function(function)
        if self.uses_current_user(function):
            return not facts.is_generator
        if depth > DEPTH or function.index == 0 or facts.decorators or facts.is_generator or self.is_used_as_value(function):
            return False
        sites = self.of(function)
        return bool(sites) and all(site.is_certain and self.is_request_only(site.function, depth + 1) for site in sites)

    # -- places ---------------------------------------------------------------------------------------------------

    def around(self, function: FunctionId, node: ops.Call | Stmt) -> list[tuple[Suite, Stmt]]:
        """The suites that a call or statement stands in, innermost first, each with the statement of it that holds the node."""
        for suite in suites(self.program.function(function).body):
            for statement in suite.statements:
                if statement is node or any(inner is node for inner in walk(*headers(statement))):
                    return [(suite, statement), *_owners(suite)]
        return []


def _owners(suite: Suite) -> list[tuple[Suite, Stmt]]:
    found = []
    while suite.parent is not None and suite.owner is not None:
        found.append((suite.parent, suite.owner))
        suite = suite.parent
    return found
