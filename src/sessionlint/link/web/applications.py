"""Applications, the errors that they handle, and the views that use the database. Entry point: `Applications`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.frameworks.entrypoints import APPLICATIONS
from sessionlint.knowledge.sqlalchemy.sessions import EXECUTES
from sessionlint.link.collect import Collected
from sessionlint.link.models import Model
from sessionlint.link.names.walk import argument, keyword, nodes
from sessionlint.link.program import EntryPoint
from sessionlint.link.sessions.origins import Origins
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId
from sessionlint.link.web.reach import Reach
from sessionlint.source import Location

_REGISTERING = frozenset({"errorhandler", "app_errorhandler", "register_error_handler", "exception_handler", "add_exception_handler"})
_COVERING = frozenset(
    {
        "sqlalchemy.orm.exc.DetachedInstanceError",
        "sqlalchemy.exc.SQLAlchemyError",
        "builtins.Exception",
        "builtins.BaseException",
        "werkzeug.exceptions.InternalServerError",
    }
)
_WORKING = EXECUTES | {"query", "get", "get_one", "add", "add_all", "commit", "delete", "merge", "flush"}


class Applications:
    """Answers for the opt-in rules; nothing is worked out before it is asked for."""

    def __init__(
        self,
        reach: Reach,
        origins: Origins,
        collected: Collected,
        points: Mapping[FunctionId, tuple[EntryPoint, ...]],
        models: Mapping[ClassId, Model],
        decorators: tuple[str, ...],
    ) -> None:
        self._reach, self._origins, self._collected = reach, origins, collected
        self._points, self._models, self._decorators = points, models, tuple(f".{name}" for name in decorators)
        self._names = reach.names

    # -- errors ---------------------------------------------------------------------------------------------------

    def without_handler(self) -> tuple[tuple[Location, FunctionId], ...]:
        """Where applications are made, in a program that maps classes and handles no `DetachedInstanceError`."""
        if not any(model.is_mapped for model in self._models.values()) or self._handles():
            return ()
        made = []
        for name in ("FastAPI", "Flask", "Quart", "Starlette"):
            for function, call in self._collected.calls[name]:
                symbol = self._names.resolve(function, call.func)
                if isinstance(symbol, External) and symbol.name in APPLICATIONS and not self._is_given(function, call):
                    made.append((Location(function.file, call.at), function))
        return tuple(sorted(made))

    def _is_given(self, function: FunctionId, call: ops.Call) -> bool:
        """`FastAPI(exception_handlers={DetachedInstanceError: …})`; what cannot be read may hold it."""
        given = keyword(call, "exception_handlers")
        if given is None:
            return False
        return not isinstance(given, ops.DictDisplay) or any(key is None or self._covers(function, key) for key in given.keys)

    def _handles(self) -> bool:
        for file in sorted(self._names.facts):
            for index, facts in enumerate(self._names.facts[file].functions):
                function = FunctionId(file, index)
                if not any(name in _REGISTERING for _, name in self._names.mentions(function)):
                    continue
                if any(self._registers(function, node) for node in nodes(*facts.body, *facts.decorators)):
                    return True
        return any(self._catches(function) for function in self._middleware())

    def _registers(self, function: FunctionId, node: object) -> bool:
        if not isinstance(node, ops.Call) or not isinstance(node.func, ops.Attribute) or node.func.name not in _REGISTERING:
            return False
        owner = self._reach.receivers.type_of(function, node.func.value)
        is_of_part = isinstance(owner, External) and owner.name.endswith(".Blueprint") and not node.func.name.startswith("app_")
        error = argument(node, 0, "code_or_exception") or argument(node, 0, "exc_class_or_status_code")
        return not is_of_part and (error is None or self._covers(function, error))

    def _covers(self, function: FunctionId, error: Expr) -> bool:
        if isinstance(error, ops.Display):
            return any(self._covers(function, item) for item in error.items)
        if isinstance(error, ops.Constant):
            return error.value == 500
        symbol = self._names.resolve(function, error)
        if isinstance(symbol, External):
            return symbol.name in _COVERING
        return not isinstance(symbol, ClassSymbol)  # a loop's variable may be any class

    def _middleware(self) -> Iterator[FunctionId]:
        for function, points in self._points.items():
            if any(point.kind == "middleware" for point in points):
                yield function
        for file in sorted(self._names.facts):
            for index, facts in enumerate(self._names.facts[file].functions):
                if facts.owner >= 0 and facts.name in {"dispatch", "__call__"}:
                    yield FunctionId(file, index)

    def _catches(self, function: FunctionId) -> bool:
        handlers = [node for node in nodes(*self._names.function(function).body) if isinstance(node, ops.Handler)]
        return any(handler.type is None or self._covers(function, handler.type) for handler in handlers)

    # -- views ----------------------------------------------------------------------------------------------------

    def views_without_context(self) -> tuple[FunctionId, ...]:
        """The views that use the database, themselves or in what they call, without one of the configured decorators."""
        views = []
        for function, points in self._points.items():
            is_view = any(point.kind == "route" and point.framework in {"flask", "quart"} for point in points)
            if is_view and not self._is_decorated(function) and self._uses_database(function):
                views.append(function)
        return tuple(sorted(views))

    def _uses_database(self, view: FunctionId) -> bool:
        inside = self._reach.inside(view)
        return any(self._touches(function) for function in self._reach.closure([view, *inside], self._is_decorated))

    def _is_decorated(self, function: FunctionId) -> bool:
        facts = self._names.function(function)
        around = self._names.parent(function) or function
        found: list[tuple[FunctionId, Expr]] = [(around, decorator) for decorator in facts.decorators]
        if facts.owner >= 0:
            declared = self._names.class_table(ClassId(function.file, facts.owner)).assigned.get("decorators")
            if declared is not None and isinstance(declared.value, ops.Display):
                found += [(around, item) for item in declared.value.items]
        return any(self._is_context(place, item.func if isinstance(item, ops.Call) else item) for place, item in found)

    def _is_context(self, function: FunctionId, decorator: Expr) -> bool:
        """Whether a decorator is a configured one, or made with it."""
        spellings = self._reach.receivers.dotting.spellings(function, decorator)
        if any(f".{spelling}".endswith(self._decorators) for spelling in spellings):
            return True
        made = self._reach.receivers.callee(function, decorator)
        body = nodes(*self._names.function(made).body) if made is not None else ()
        last = {name.rpartition(".")[2] for name in self._decorators}
        return any(
            (isinstance(node, ops.Name) and node.id in last) or (isinstance(node, ops.Attribute) and node.name in last) for node in body
        )

    def _touches(self, function: FunctionId) -> bool:
        return any(self._is_use(function, node) for node in nodes(*self._names.function(function).body))

    def _is_use(self, function: FunctionId, node: object) -> bool:
        if isinstance(node, ops.Attribute) and node.name == "query":
            symbol = self._names.resolve(function, node.value)
            return isinstance(symbol, ClassSymbol) and symbol.id in self._models
        if not isinstance(node, ops.Call):
            return False
        if isinstance(node.func, ops.Attribute) and node.func.name in _WORKING:
            return self._origins.origin(function, node.func.value) is not None
        return self._origins.origin(function, node) is not None
