"""Which functions can be given what they read from `session_state` as a parameter, and where their callers take it from. Entry point:
`Threads`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sessionlint.facts import ops
from sessionlint.knowledge.words import words
from sessionlint.link import FunctionId, Program
from sessionlint.rewrite.codemods.thread_parameter.accesses import Access
from sessionlint.rewrite.codemods.thread_parameter.kept import Kept
from sessionlint.rewrite.codemods.thread_parameter.own_reads import OwnReads
from sessionlint.rewrite.codemods.thread_parameter.places import end
from sessionlint.rewrite.codemods.thread_parameter.references import Site
from sessionlint.rewrite.reading.walk import Node, children, walk
from sessionlint.source import is_test

_PLAIN_DECORATORS = frozenset({"builtins.staticmethod", "builtins.classmethod"})
_CONSUMERS = words("list tuple set dict sorted sum min max any all frozenset")
_SESSION_NAMES = ("session", "db")
_NOTHING: Mapping[FunctionId, str] = {}


@dataclass(frozen=True, slots=True)
class Want:
    """What is looked for under a key of `session_state`: a `session`, or an `identity`."""

    key: str
    kind: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a call gives for the new parameter: the variable `name`, the caller's own parameter (`name` empty), or what `read` finds."""

    site: Site
    name: str = ""
    read: Access | None = None


@dataclass(slots=True)
class Thread:
    """A function that gets a parameter for what it wants, with what each call gives, and the reads that the parameter replaces."""

    function: FunctionId
    want: Want
    reads: list[Access]
    given: list[Given] = field(default_factory=list)


class Threads:
    """Decides for one key at a time. `threads` are the functions that get a parameter, `reasons` why others do not."""

    def __init__(self, kept: Kept, want: Want, is_handed: Iterable[FunctionId] = (), blocked: Mapping[FunctionId, str] = _NOTHING) -> None:
        self.kept, self.want, self.program = kept, want, kept.program
        self._is_handed, self._blocked = frozenset(is_handed), blocked
        self._own_reads = OwnReads(kept, self.reads)
        self.reasons: dict[FunctionId, str] = {}
        self.threads: dict[FunctionId, Thread] = {}
        self.replaced: dict[FunctionId, list[tuple[Access, str]]] = {}
        self._candidates: dict[FunctionId, list[Given]] = {}
        self._roots: dict[FunctionId, tuple[FunctionId, str]] = {}
        self._wanted = self._find_wanted()
        self._decide()

    @property
    def reads(self) -> list[Access]:
        """Every read of the key."""
        return [access for access in self.kept.of(self.want.key) if access.kind == "read" and access.key == self.want.key]

    # -- the decision ---------------------------------------------------------------------------------------------

    def _decide(self) -> None:
        pending = list(dict.fromkeys(access.function for access in self._wanted))
        while pending:
            function = pending.pop()
            if function not in self._candidates:
                self._candidates[function] = self._sites(function)
                pending += [given.site.caller for given in self._candidates[function] if not given.name and given.read is None]
        self._remove_stuck()
        self._keep_needed()

    def _find_wanted(self) -> list[Access]:
        """The reads that are to go; those for which the function has a variable of its own are replaced by that."""
        found = []
        for access in self.reads:
            if self.want.kind == "identity" and access.function not in self._is_handed:
                continue
            name = self.kept.at_hand(self.want.key, access.function, access) if self._stores(access.function) else ""
            if name:
                self.replaced.setdefault(access.function, []).append((access, name))
            else:
                found.append(access)
        return found

    def _stores(self, function: FunctionId) -> bool:
        return any(a.kind == "write" and a.key == self.want.key for a in self.kept.of(self.want.key, function))

    def _sites(self, function: FunctionId) -> list[Given]:
        """What each call has at hand for the function; nothing yet where the caller would need a parameter itself."""
        return [self._given(function, site) for site in self.kept.references.sites(function)]

    def _given(self, function: FunctionId, site: Site) -> Given:
        name = self.kept.at_hand(self.want.key, site.caller, site.call)
        if name and not self._reads_it_itself(site.caller):
            return Given(site, name)
        if self.want.kind == "identity" and not self._has_session(site.caller):
            read = self._own_reads.of(function)
            return Given(site, name, None if name else read)
        if is_test(site.caller.file) and not is_test(function.file):
            return Given(site, name, None if name else self._own_reads.of(function))
        return Given(site, name)

    def _reads_it_itself(self, function: FunctionId) -> bool:
        """Whether the variable at hand comes from a read that is to go, too."""
        return not self._stores(function) and any(access.function == function for access in self.reads)

    def _has_session(self, function: FunctionId) -> bool:
        """Whether a read in the function would be one of a helper that is handed a session (SES204)."""
        if function in self.program.entry_points:
            return False
        parameters = self.program.function(function).parameters
        return function in self._is_handed or any(_is_session(self.program, function, p.name) for p in parameters)

    def _remove_stuck(self) -> None:
        for function in self._candidates:
            reason = self._blocked.get(function) or self._stuck(function)
            if reason:
                self.reasons[function] = reason
        changed = True
        while changed:
            changed = False
            for function, sites in self._candidates.items():
                reason = "" if function in self.reasons else self._unprovided(function, sites)
                if reason:
                    self.reasons[function], changed = reason, True
                    self._roots[function] = next(
                        (self._root(g.site.caller) for g in sites if not g.name and g.read is None and g.site.caller in self.reasons),
                        (function, reason),
                    )

    def _unprovided(self, function: FunctionId, sites: list[Given]) -> str:
        for given in sites:
            caller = given.site.caller
            if given.read is not None or (caller in self._candidates and caller not in self.reasons):
                continue
            if not given.name:
                stuck, why = self._root(caller)
                return f"`{self._name(stuck)}`, from which it is called, has nothing to pass on" + (f": {why}" if why else "")
        return ""

    def _root(self, function: FunctionId) -> tuple[FunctionId, str]:
        """The function at which the walk up the calls stopped, and why."""
        return self._roots.get(function, (function, self.reasons.get(function, "")))

    def _keep_needed(self) -> None:
        """The functions that read the key, and those that have to pass it on to them."""
        good = {function for function in self._candidates if function not in self.reasons}
        reading = {access.function for access in self._wanted}
        needed: set[FunctionId] = set()
        pending = [function for function in good if function in reading]
        while pending:
            function = pending.pop()
            if function in needed:
                continue
            needed.add(function)
            sites = [given.site.caller for given in self._candidates[function] if given.read is None]
            pending += [caller for caller in sites if caller in good]
        for function in sorted(needed):
            reads = [access for access in self.reads if access.function == function]
            given = [self._passed(one, needed) for one in self._candidates[function]]
            self.threads[function] = Thread(function, self.want, reads, given)

    def _passed(self, given: Given, needed: set[FunctionId]) -> Given:
        return Given(given.site) if given.site.caller in needed else given

    # -- what stops the walk --------------------------------------------------------------------------------------

    def _stuck(self, function: FunctionId) -> str:
        """Why a function cannot get a parameter whatever its callers have; empty if it can."""
        facts, program = self.program.function(function), self.program
        if function.index == 0:
            return "a module takes no parameters"
        if facts.name == "<lambda>":
            return "it is a lambda that others call"
        for decorator in facts.decorators:
            symbol = program.resolve(program.names.parent(function) or function, decorator)
            if getattr(symbol, "name", "") not in _PLAIN_DECORATORS:
                return f"`@{_text(decorator)}` stands between it and its callers"
        if function in program.entry_points:
            return f"{program.entry_points[function][0].framework} calls it"
        if facts.name.startswith("__") and facts.name.endswith("__") and facts.name != "__init__":
            return "Python calls it"
        return self._overridden(function) or self._defined_twice(function) or self._used(function) or self._unsteady(function)

    def _overridden(self, function: FunctionId) -> str:
        owner = self.program.owner_of(function)
        if owner is None:
            return ""
        name = self.program.function(function).name
        if name == "__init__" and self.program.class_(owner).decorators:
            return "its class is decorated"
        family = {cls for cls in (*self.program.model_lineage(owner), *self.program.subclasses(owner)) if cls != owner}
        if name != "__init__" and any(name in self.program.class_(cls).methods for cls in family):
            return "it is overridden, or overrides another method, and is called through the other class"
        ancestors = [
            a for a in self.program.hierarchy.external_ancestors(owner) if a not in ("builtins.object", "abc.ABC", "typing.Generic")
        ]
        return f"its class inherits from `{sorted(ancestors)[0]}`, which may call it" if ancestors else ""

    def _defined_twice(self, function: FunctionId) -> str:
        facts = self.program.function(function)
        others = [f for f in self.program.files[function.file].facts.functions if f.qualname == facts.qualname]
        assigned = () if facts.owner >= 0 else self.program.names.bindings(self._around(function)).assigned.get(facts.name, ())
        return "there are several definitions of that name" if len(others) > 1 or assigned else ""

    def _around(self, function: FunctionId) -> FunctionId:
        return self.program.names.parent(function) or FunctionId(function.file, 0)

    def _used(self, function: FunctionId) -> str:
        loose = self.kept.references.loose(function)
        if loose:
            first = min(loose, key=lambda use: (use.place, use.row))
            return f"{first.how} ({first.place.file}:{first.row})"
        sites = [site for site in self.kept.references.sites(function) if site.caller != function]
        if not sites:
            return "nothing in the program calls it"
        facts = self.program.function(function)
        if facts.is_async or facts.is_generator:
            for site in sites:
                if not self._is_consumed(site, facts.is_async and not facts.is_generator):
                    return f"`{self._name(site.caller)}` calls it and hands on what runs later"
        return ""

    def _is_consumed(self, site: Site, is_coroutine: bool) -> bool:
        """Whether the body of a generator or coroutine runs where it is called."""
        facts = self.program.function(site.caller)
        for node in walk(*facts.body):
            if isinstance(node, ops.Comprehension) and any(clause.iter is site.call for clause in node.clauses):
                return node.kind != "generator" and not is_coroutine
            for child in children(node):
                if child is site.call:
                    return isinstance(node, ops.Await) if is_coroutine else _consumes(node, site.call)
        return False

    def _unsteady(self, function: FunctionId) -> str:
        """Whether what is under the key may change between the call and the read."""
        key, kept = self.want.key, self.kept
        for access in kept.of(key, function):
            if access.kind in ("write", "delete"):
                return "it changes what is kept under the key, so that it is not certain what is there"
            if access.kind == "test" and access.key == key:
                return "it asks whether anything is kept under the key"
        places = kept.places(function)
        for node in self._uses(function):
            statement = node.statement if isinstance(node, Access) else places.statement_of(node)
            if statement is None:
                return "its own code cannot be followed"
            if kept.is_changed_between(key, function, None, statement, end(node.at)):
                return "it calls what may change what is kept under the key"
        return ""

    def _uses(self, function: FunctionId) -> list[Access | ops.Call]:
        found: list[Access | ops.Call] = [access for access in self.reads if access.function == function]
        for callee in self._candidates:
            found += [site.call for site in self.kept.references.sites(callee) if site.caller == function]
        return found

    def _name(self, function: FunctionId) -> str:
        facts = self.program.function(function)
        return facts.qualname if function.index else function.file


def _consumes(node: Node, call: ops.Call) -> bool:
    match node:
        case ops.For(iter=iterated):
            return iterated is call
        case ops.YieldFrom() | ops.Starred():
            return True
        case ops.Call(func=ops.Name(id=name)):
            return name in _CONSUMERS
        case ops.Call(func=ops.Attribute(name="join")):
            return True
        case _:
            return False


def _is_session(program: Program, function: FunctionId, name: str) -> bool:
    facts = program.function(function)
    parameter = next(p for p in facts.parameters if p.name == name)
    symbol = program.annotation_class(function, parameter.annotation)
    if symbol is not None:
        return getattr(symbol, "name", "").rpartition(".")[2] in ("Session", "AsyncSession", "scoped_session", "async_scoped_session")
    return name in _SESSION_NAMES or name.endswith("session")


def _text(decorator: ops.Expr) -> str:
    target = decorator.func if isinstance(decorator, ops.Call) else decorator
    parts: list[str] = []
    while isinstance(target, ops.Attribute):
        parts.insert(0, target.name)
        target = target.value
    return ".".join([target.id if isinstance(target, ops.Name) else "…", *parts])
