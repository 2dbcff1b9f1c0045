"""What a function has at hand of what `session_state` keeps: the variable it stored from, or that it read it into. Entry point: `Kept`."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

from sessionlint.facts import ops
from sessionlint.facts.ops import Stmt
from sessionlint.facts.walk import statements
from sessionlint.knowledge.words import words
from sessionlint.link import External, FunctionId, Program
from sessionlint.rewrite.codemod import Lines
from sessionlint.rewrite.codemods.thread_parameter.accesses import Access, accesses, matching
from sessionlint.rewrite.codemods.thread_parameter.places import Places, Position, end, start
from sessionlint.rewrite.codemods.thread_parameter.references import References
from sessionlint.rewrite.reading.walk import headers, target_names, walk

_DEPTH = 4
_STOPS = words(
    "streamlit.stop streamlit.rerun streamlit.experimental_rerun streamlit.switch_page sys.exit builtins.exit builtins.quit os._exit"
)


@dataclass(frozen=True, slots=True)
class Held:
    """From `statement` on the variable `name` is what `session_state` has under the key."""

    name: str
    statement: Stmt


class Kept:
    """The accesses of `session_state`, and what they say about variables."""

    def __init__(self, program: Program, lines: Lines) -> None:
        self.program, self.references = program, References(program)
        self.accesses = accesses(program, lines)
        self._places: dict[FunctionId, Places] = {}
        self._reach: dict[tuple[FunctionId, str], bool] = {}

    def of(self, key: str, function: FunctionId | None = None) -> list[Access]:
        """The accesses that are, or may be, of a key, of one function or of all."""
        return matching([a for a in self.accesses if function is None or a.function == function], key)

    def places(self, function: FunctionId) -> Places:
        """The statements of a function."""
        if function not in self._places:
            self._places[function] = Places(self.program.files[function.file].facts, self.program.function(function))
        return self._places[function]

    # -- variables ------------------------------------------------------------------------------------------------

    def held(self, key: str, function: FunctionId) -> list[Held]:
        """The statements of a function after which a variable of it is what is kept under the key."""
        found = []
        for access in self.of(key, function):
            if access.key != key:
                continue
            match access.statement, access.value:
                case statement, ops.Name(id=name) if access.kind == "write" and self._is_certain(access):
                    found.append(Held(name, statement))
                case ops.Assign(targets=(ops.Name(id=name),), value=value) as statement, _ if access.kind == "read" and _is(value, access):
                    found.append(Held(name, statement))
                case _:
                    pass
        return found + self._held_by_calls(key, function)

    def _is_certain(self, access: Access) -> bool:
        """Whether it is this value that is kept then: `setdefault` keeps an earlier one."""
        return access.form != "setdefault"

    def _held_by_calls(self, key: str, function: FunctionId) -> list[Held]:
        """Calls of a function that does nothing but keep its parameters: `remember(session)`."""
        found = []
        for keeper, parameter in self._keepers(key):
            for site in self.references.sites(keeper):
                given = argument_of(self.program, keeper, site.call, parameter) if site.caller == function else None
                statement = self.places(function).statement_of(site.call)
                if isinstance(given, ops.Name) and isinstance(statement, ops.Evaluate) and statement.value is site.call:
                    found.append(Held(given.id, statement))
        return found

    def _keepers(self, key: str) -> list[tuple[FunctionId, str]]:
        found = []
        for access in self.of(key):
            facts = self.program.function(access.function)
            if access.kind != "write" or access.key != key or not isinstance(access.value, ops.Name) or not self._is_certain(access):
                continue
            name, places = access.value.id, self.places(access.function)
            is_parameter = any(p.name == name and p.kind in ("positional", "positional-only", "keyword-only") for p in facts.parameters)
            runs_at_once = not (facts.is_generator or facts.is_async or facts.decorators)
            only_keeps = {id(a.statement) for a in self.accesses if a.function == access.function and a.kind == "write"}
            if not all(id(statement) in only_keeps for statement in facts.body):
                continue
            if runs_at_once and is_parameter and not places.bindings(name) and places.is_unconditional(access.statement):
                found.append((access.function, name))
        return found

    def at_hand(self, key: str, function: FunctionId, node: ops.Call | Access) -> str:
        """The variable that is what is kept under the key when `node` is evaluated; empty if none certainly is."""
        places = self.places(function)
        statement = node.statement if isinstance(node, Access) else places.statement_of(node)
        if statement is None:
            return ""
        found = [h for h in self.held(key, function) if places.is_before(h.statement, statement)]
        last = max(found, key=lambda h: start(h.statement.at), default=None)
        if last is None or self._is_hidden(function, last.name) or self._is_bound_elsewhere(function, last.name):
            return ""
        until = end(node.at)
        if places.binds_between(last.name, last.statement, statement, until):
            return ""
        if _is_lazy(statement, node) and len(places.bindings(last.name)) > 1:
            return ""
        return "" if self.is_changed_between(key, function, last.statement, statement, until) else last.name

    def _is_hidden(self, function: FunctionId, name: str) -> bool:
        """Whether a comprehension has a variable of that name."""
        nodes = walk(*self.program.function(function).body)
        return any(isinstance(node, ops.Clause) and name in target_names(node.target) for node in nodes)

    def _is_bound_elsewhere(self, function: FunctionId, name: str) -> bool:
        """Whether another function binds the variable, which declares it global or nonlocal."""
        functions = self.program.files[function.file].facts.functions
        others = (other for index, other in enumerate(functions) if index != function.index)
        declared = (s for other in others for s in statements(other.body) if isinstance(s, ops.Global))
        return any(name in statement.names and statement.is_nonlocal is (function.index != 0) for statement in declared)

    # -- changes --------------------------------------------------------------------------------------------------

    def is_changed_between(self, key: str, function: FunctionId, first: Stmt | None, second: Stmt, until: Position) -> bool:
        """Whether something else may be kept under the key in between: by the function itself, or by what it calls."""
        between = list(self.places(function).between(first, second, until))
        own = [a for a in self.of(key, function) if a.kind in ("write", "delete")]
        if any(a.statement is s for a in own for s in between):
            return True
        calls = [
            node
            for s in between
            for node in walk(*headers(s))
            if isinstance(node, ops.Call) and start(node.at) < until and end(node.at) != until
        ]
        return any(self.reaches_change(key, callee) for call in calls for callee in self.references.callees(function, call))

    def reaches_change(self, key: str, function: FunctionId) -> bool:
        """Whether a call of the function may keep something else under the key, or forget what is there."""
        if (function, key) not in self._reach:
            self._reach[function, key] = self._reaches(function, self._changing(key))
        return self._reach[function, key]

    def may_stop(self, function: FunctionId) -> bool:
        """Whether a call of the function may end the run of the page (`st.stop()`)."""
        if (function, "") not in self._reach:
            self._reach[function, ""] = self._reaches(function, self._stopping)
        return self._reach[function, ""]

    def _reaches(self, function: FunctionId, wanted: Set[FunctionId]) -> bool:
        seen, pending = set(), [function]
        while pending:
            here = pending.pop()
            if here in wanted:
                return True
            if here not in seen:
                seen.add(here)
                pending += self._callees[here] if here in self._callees else self._find_callees(here)
        return False

    @cached_property
    def _stopping(self) -> frozenset[FunctionId]:
        return frozenset(f for f, calls in self.references.calls.items() if any(self.is_stop(f, call) for call in calls))

    def is_stop(self, function: FunctionId, call: ops.Call) -> bool:
        """Whether a call ends the run of the page, or the program."""
        symbol = self.program.resolve(function, call.func)
        return isinstance(symbol, External) and symbol.name in _STOPS

    @cached_property
    def _callees(self) -> dict[FunctionId, list[FunctionId]]:
        return {}

    def _find_callees(self, function: FunctionId) -> list[FunctionId]:
        found = [callee for call in self.references.calls.get(function, []) for callee in self.references.callees(function, call)]
        self._callees[function] = list(dict.fromkeys(found))
        return self._callees[function]

    def _changing(self, key: str) -> set[FunctionId]:
        return {access.function for access in self.of(key) if access.kind in ("write", "delete")}

    # -- lifetime -------------------------------------------------------------------------------------------------

    def is_ended(self, function: FunctionId, name: str, depth: int = 0) -> bool:
        """Whether the session in a variable ends with the run it was opened in, whoever still has it."""
        places, facts = self.places(function), self.program.function(function)
        bound = places.bindings(name)
        if bound:
            return all(self._ends(function, name, statement) for statement in bound)
        if depth > _DEPTH or not any(p.name == name for p in facts.parameters):
            return False
        sites = self.references.sites(function)  # who is handed a session does not own it
        given = [(site.caller, argument_of(self.program, function, site.call, name)) for site in sites]
        return all(isinstance(v, ops.Name) and self.is_ended(caller, v.id, depth + 1) for caller, v in given)

    def _ends(self, function: FunctionId, name: str, statement: Stmt) -> bool:
        if isinstance(statement, ops.With):
            return True
        closing = f"{name}.close"
        body = statements(self.program.function(function).body)
        tries = [s for s in body if isinstance(s, ops.Try)]
        ends = [node for t in tries for s in t.finalbody for node in walk(s) if isinstance(node, ops.Call)]
        return any(_dotted(call.func) == closing for call in ends)


def _is_lazy(statement: Stmt, node: ops.Call | Access) -> bool:
    """Whether it is evaluated by a generator expression, which may run when the variable is something else already."""
    lazy = (each for each in walk(*headers(statement)) if isinstance(each, ops.Comprehension) and each.kind == "generator")
    return any(getattr(inner, "at", None) == node.at for each in lazy for inner in walk(each))


def argument_of(program: Program, function: FunctionId, call: ops.Call, name: str) -> ops.Expr | None:
    """What a call gives for a parameter; None where that is not plain."""
    for keyword in call.keywords:
        if keyword.name == name:
            return keyword.value
    parameters = [p.name for p in program.function(function).parameters if p.kind in ("positional", "positional-only")]
    if program.function(function).owner >= 0:
        parameters = parameters[1:]
    if name not in parameters or any(isinstance(arg, ops.Starred) for arg in call.args):
        return None
    index = parameters.index(name)
    return call.args[index] if index < len(call.args) else None


def _is(value: ops.Expr | None, access: Access) -> bool:
    return value is not None and value.at == access.at


def _dotted(func: ops.Expr) -> str:
    return f"{func.value.id}.{func.name}" if isinstance(func, ops.Attribute) and isinstance(func.value, ops.Name) else ""
