"""Sessions that a Flask application keeps for each request, and whether anything ends them. Entry point: `unended_sessions`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.frameworks.entrypoints import CALLS
from sessionlint.link.collect import Collected
from sessionlint.link.names.tables import Imported
from sessionlint.link.names.walk import argument, nodes, targets, text
from sessionlint.link.program import EntryPoint
from sessionlint.link.sessions.origins import Origins
from sessionlint.link.symbols import External, FunctionId, VariableSymbol
from sessionlint.link.web.kept import KeptSession
from sessionlint.link.web.reach import Reach
from sessionlint.source import Location

TEARDOWNS = ("teardown_appcontext", "teardown_request", "teardown_app_request", "after_request", "after_app_request")
_ENDING = frozenset({"close", "remove"})
_APPLICATIONS = ("flask.Flask.", "flask.current_app.", "quart.Quart.", "quart.current_app.")
_SIGNALS = frozenset({"appcontext_tearing_down", "request_tearing_down", "request_finished", "appcontext_popped"})


def unended_sessions(
    reach: Reach, origins: Origins, collected: Collected, points: Mapping[FunctionId, tuple[EntryPoint, ...]]
) -> tuple[KeptSession, ...]:
    """The sessions on `g`, and the registries that requests use, which nothing closes when a request ends."""
    finder = _Finder(reach, origins, collected, points)
    if not finder.has_application() or finder.has_unknown_teardown():
        return ()
    kept = [*finder.registries(), *finder.on_g()]
    return tuple(sorted((found for found in kept if not finder.is_ended(found)), key=lambda found: found.at))


class _Finder:
    def __init__(self, reach: Reach, origins: Origins, collected: Collected, points: Mapping[FunctionId, tuple[EntryPoint, ...]]) -> None:
        self._reach, self._origins, self._collected, self._points = reach, origins, collected, points
        self._names = reach.names

    def _importing(self, wanted: Iterable[str]) -> list[str]:
        """The files that import one of the names from Flask or Quart."""
        names = frozenset(wanted)
        found = []
        for file in sorted(self._names.facts):
            tables = (self._names.bindings(function) for function in self._names.importing(file))
            bindings = (binding for table in tables for binding in table.names.values() if isinstance(binding, Imported))
            if any(b.module.partition(".")[0] in {"flask", "quart"} and (b.name in names or not b.name) for b in bindings):
                found.append(file)
        return found

    def has_application(self) -> bool:
        calls = [call for name in ("Flask", "Quart") for call in self._collected.calls[name]]
        symbols = (self._names.resolve(function, call.func) for function, call in calls)
        return any(isinstance(symbol, External) and symbol.name in {"flask.Flask", "quart.Quart"} for symbol in symbols)

    def has_unknown_teardown(self) -> bool:
        """Whether something is registered of which nobody knows what it does."""
        known = {point.at for points in self._points.values() for point in points}
        for name in TEARDOWNS:
            for function, call in self._collected.calls[name]:
                if argument(call, *CALLS[name]) is not None and Location(function.file, call.at) not in known:
                    return True
        modules = (self._names.bindings(FunctionId(file, 0)) for file in self._names.facts)
        return any(isinstance(table.names.get(signal), Imported) for table in modules for signal in _SIGNALS)

    # -- what is kept ---------------------------------------------------------------------------------------------

    def registries(self) -> Iterator[KeptSession]:
        """`db_session = scoped_session(…)` in a file that the files with views import."""
        calls = self._collected.calls["scoped_session"]
        if not calls:
            return
        web = {function.file for function, points in self._points.items() if any(point.framework in {"flask", "quart"} for point in points)}
        used = self._reach.imported(web)
        for function, call in calls:
            symbol = self._names.resolve(function, call.func)
            name = self._kept_as(function, call)
            if function.file in used and isinstance(symbol, External) and symbol.name == "sqlalchemy.orm.scoped_session" and name:
                yield KeptSession(Location(function.file, call.at), function, "scoped_session", name)

    def _kept_as(self, function: FunctionId, call: ops.Call) -> str:
        """The name of the module, class or object under which the result of a call stays."""
        facts = self._names.facts[function.file]
        bodies = [self._names.function(function).body, *(found.body for found in facts.classes)]
        declared = self._names.bindings(function).declared
        for position, body in enumerate(bodies):
            for node in nodes(*body):
                if isinstance(node, ops.Assign) and node.value is call:
                    for target in (single for each in node.targets for single in targets(each)):
                        if isinstance(target, ops.Attribute):
                            return target.name
                        if isinstance(target, ops.Name) and (position or function.index == 0 or target.id in declared):
                            return target.id
        return ""

    def on_g(self) -> Iterator[KeptSession]:
        """`g.db = SessionLocal()`, and what is set by `setattr` or `setdefault`."""
        for file in self._importing({"g"}):
            for index, facts in enumerate(self._names.facts[file].functions):
                function = FunctionId(file, index)
                for node in nodes(*facts.body):
                    for name, value in self._stored(function, node):
                        origin = self._origins.origin(function, value)
                        if origin is not None and origin.kind == "new" and not _is_of_with(facts.body, value):
                            yield KeptSession(Location(file, node.at), function, "g", name)

    def _stored(self, function: FunctionId, node: object) -> Iterator[tuple[str, Expr]]:
        if isinstance(node, ops.Assign) and node.value is not None:
            for target in node.targets:
                if isinstance(target, ops.Attribute) and self._is_g(function, target.value):
                    yield target.name, node.value
        elif isinstance(node, ops.Call) and len(node.args) > 1:
            if isinstance(node.func, ops.Name) and node.func.id == "setattr" and len(node.args) > 2 and self._is_g(function, node.args[0]):
                yield text(node.args[1]), node.args[2]
            if isinstance(node.func, ops.Attribute) and node.func.name == "setdefault" and self._is_g(function, node.func.value):
                yield text(node.args[0]), node.args[1]

    def _is_g(self, function: FunctionId, expression: Expr) -> bool:
        symbol = self._names.resolve(function, expression)
        return isinstance(symbol, External) and symbol.name in {"flask.g", "quart.g"}

    # -- what ends it ---------------------------------------------------------------------------------------------

    def is_ended(self, kept: KeptSession) -> bool:
        """Whether something that runs around requests closes it."""
        own = [kept.function] if kept.kind == "g" else []
        return any(self._ends(self._reach.closure([start]), kept) for start in (*self._enders(), *own))

    def _enders(self) -> Iterator[FunctionId]:
        """What runs when requests end, whatever happens: handlers of teardowns, and what is put around views."""
        for function, points in sorted(self._points.items()):
            if any(point.kind in {"teardown", "after_request", "middleware"} for point in points):
                yield function
        yield from self._reach.wrappers
        for file in sorted(self._names.facts):
            for index, facts in enumerate(self._names.facts[file].functions):
                if facts.name in {"__exit__", "__aexit__"} or (facts.is_generator and facts.decorators):
                    yield FunctionId(file, index)

    def _ends(self, functions: list[FunctionId], kept: KeptSession) -> bool:
        if kept.kind == "g":
            bodies = [list(nodes(*self._names.function(function).body)) for function in functions]
            return any(_mentions(body, kept.name) for body in bodies) and any(_calls(body, _ENDING) for body in bodies)
        return any(self._removes(function, kept) for function in functions)

    def _removes(self, function: FunctionId, kept: KeptSession) -> bool:
        for node in nodes(*self._names.function(function).body):
            if isinstance(node, ops.Call) and isinstance(node.func, ops.Attribute) and node.func.name in _ENDING:
                owner = node.func.value
                symbol = self._names.resolve(function, owner)
                tail = owner.name if isinstance(owner, ops.Attribute) else owner.id if isinstance(owner, ops.Name) else ""
                if tail == kept.name or symbol == VariableSymbol(kept.function.file, kept.name):
                    return True
                is_kept_by_app = isinstance(symbol, External) and symbol.name.startswith(_APPLICATIONS)
                if (symbol is None or is_kept_by_app) and self._reach.receivers.callee(function, node.func) is None:
                    return True  # `app.database.close()`: nobody knows of what
        return False


def _mentions(body: list[object], name: str) -> bool:
    return any(
        (isinstance(node, ops.Attribute) and node.name == name) or (isinstance(node, ops.Constant) and node.value == name) for node in body
    )


def _calls(body: list[object], names: frozenset[str]) -> bool:
    return any(isinstance(node, ops.Call) and isinstance(node.func, ops.Attribute) and node.func.name in names for node in body)


def _is_of_with(body: tuple[ops.Stmt, ...], value: Expr) -> bool:
    """Whether a name is bound by a `with`, which ends what it binds."""
    bound = [node.target for node in nodes(*body) if isinstance(node, ops.WithItem)]
    return isinstance(value, ops.Name) and any(isinstance(target, ops.Name) and target.id == value.id for target in bound)
