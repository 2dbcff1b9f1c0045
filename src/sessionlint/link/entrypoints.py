"""Which functions a framework calls, and as what. Entry point: `find_entry_points`."""

from __future__ import annotations

import sys
from pathlib import PurePosixPath

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge import canonical
from sessionlint.knowledge.frameworks.entrypoints import (
    BY_METHOD,
    CALLS,
    CALLS_BY_NAME,
    DECORATORS,
    ROUTE_METHODS,
    VIEW_CLASSES,
    VIEW_METHODS,
)
from sessionlint.knowledge.libraries import INSTALLED
from sessionlint.link.collect import Collected
from sessionlint.link.names.walk import argument, nodes, text
from sessionlint.link.program import EntryPoint
from sessionlint.link.sessions.receivers import Receivers
from sessionlint.link.symbols import ClassSymbol, External, FunctionId, FunctionSymbol, ModuleSymbol, Symbol
from sessionlint.source import Location, Range


def find_entry_points(receivers: Receivers, collected: Collected) -> dict[FunctionId, tuple[EntryPoint, ...]]:
    """The entry points of the program by function, both sorted.

    Found are decorated functions, functions handed to a registering call, methods of view classes, and modules that are Streamlit pages.
    """
    finder = _Finder(receivers)
    finder.find_decorated()
    finder.find_registered(collected)
    finder.find_view_classes()
    finder.find_pages()
    return {function: tuple(sorted(finder.found[function], key=lambda point: (point.at, point.kind))) for function in sorted(finder.found)}


class _Finder:
    def __init__(self, receivers: Receivers) -> None:
        self._receivers = receivers
        self._names = receivers.names
        self.found: dict[FunctionId, list[EntryPoint]] = {}

    def _enter(self, function: FunctionId, kind: tuple[str, str], file: str, range: Range) -> None:
        point = EntryPoint(function, kind[0], kind[1], Location(file, range))
        known = self.found.setdefault(function, [])
        if point not in known:
            known.append(point)

    # -- decorators -----------------------------------------------------------------------------------------------

    def find_decorated(self) -> None:
        """`@app.route("/")`, `@celery.task`, `@lru_cache`."""
        for file in sorted(self._names.facts):
            for index, facts in enumerate(self._names.facts[file].functions):
                function = FunctionId(file, index)
                for decorator in facts.decorators:
                    kind = self._kind_of(function, decorator)
                    if kind is not None:
                        self._enter(function, kind, file, decorator.at)

    def _kind_of(self, function: FunctionId, decorator: Expr) -> tuple[str, str] | None:
        target = decorator.func if isinstance(decorator, ops.Call) else decorator
        around = self._names.parent(function) or function
        known = self._known(around, target)
        if known is not None or not isinstance(target, ops.Attribute):
            return known
        if self._is_unknown(around, target.value):
            if target.name in BY_METHOD:
                return BY_METHOD[target.name]
            if target.name in ROUTE_METHODS and isinstance(decorator, ops.Call) and _has_path(decorator):
                return "route", self._framework_of(function.file)
        return None

    def _known(self, function: FunctionId, target: Expr) -> tuple[str, str] | None:
        """What the table says of a decorator or of what a call calls, whose owner's class is known."""
        for name in self._callables(function, target):
            if name in DECORATORS:
                return DECORATORS[name]
        return None

    def _callables(self, function: FunctionId, target: Expr) -> list[str]:
        """The canonical names that a decorator's target may have: its own, or its method's on each external class of the owner."""
        symbol = self._names.resolve(function, target)
        found = [symbol.name] if isinstance(symbol, External) else []
        path: list[str] = []
        while isinstance(target, ops.Attribute):
            path.insert(0, target.name)
            target = target.value
            owner = self._receivers.type_of(function, target)
            found += [canonical(".".join([name, *path])) for name in self._classes_of(owner)]
        return found

    def _classes_of(self, owner: Symbol | None) -> list[str]:
        if isinstance(owner, External):
            return [owner.name]
        return sorted(self._receivers.hierarchy.external_ancestors(owner.id)) if isinstance(owner, ClassSymbol) else []

    def _is_unknown(self, function: FunctionId, owner: Expr) -> bool:
        """Whether nothing is known of the decorator's owner, or only that it is imported from outside the program."""
        symbol = self._names.resolve(function, owner)
        if isinstance(symbol, External):
            root = symbol.name.partition(".")[0]
            return root not in INSTALLED and root not in sys.stdlib_module_names and root != "builtins"
        is_plain = not isinstance(symbol, ClassSymbol | FunctionSymbol | ModuleSymbol)
        return is_plain and self._receivers.type_of(function, owner) is None

    def _framework_of(self, file: str) -> str:
        names = self._names.bindings(FunctionId(file, 0)).names.values()
        modules = {getattr(binding, "module", "").partition(".")[0] for binding in names}
        return next((name for name in ("fastapi", "starlette", "quart") if name in modules), "flask")

    # -- calls ----------------------------------------------------------------------------------------------------

    def find_registered(self, collected: Collected) -> None:
        """`app.add_url_rule("/", view_func=index)`, `login_manager.user_loader(load_user)`, `Depends(get_db)`."""
        for name, (position, keyword) in sorted(CALLS.items()):
            for function, call in collected.calls.get(name, ()):
                kind = self._known(function, call.func)
                if kind is None and isinstance(call.func, ops.Attribute) and self._is_unknown(function, call.func.value):
                    kind = CALLS_BY_NAME.get(name)
                given = argument(call, position, keyword) if kind is not None else None
                handed = self._function_of(function, given) if given is not None else None
                if kind is not None and handed is not None:
                    self._enter(handed, kind, function.file, call.at)

    def _function_of(self, function: FunctionId, given: Expr) -> FunctionId | None:
        if isinstance(given, ops.Lambda):
            return FunctionId(function.file, given.function)
        symbol = self._names.resolve(function, given)
        if isinstance(symbol, FunctionSymbol):
            return symbol.id
        if isinstance(symbol, ClassSymbol):
            return self._receivers.hierarchy.method(symbol.id, "__init__")
        return self._receivers.callee(function, given) if isinstance(given, ops.Attribute) else None

    # -- classes and modules --------------------------------------------------------------------------------------

    def find_view_classes(self) -> None:
        """The methods of `MethodView` and its like that are named like verbs."""
        for id in self._receivers.hierarchy.classes():
            frameworks = sorted({VIEW_CLASSES[name] for name in self._receivers.hierarchy.external_ancestors(id) if name in VIEW_CLASSES})
            for name, indices in sorted(self._names.class_table(id).functions.items()) if frameworks else ():
                if name in VIEW_METHODS:
                    method = FunctionId(id.file, indices[-1])
                    self._enter(method, ("route", frameworks[0]), id.file, self._names.function(method).at)

    def find_pages(self) -> None:
        """Modules that Streamlit runs: those that import it, and everything under `pages/` of a program that does."""
        importing = [file for file in sorted(self._names.facts) if self._imports_streamlit(file)]
        for file in sorted(self._names.facts):
            is_page = file in importing or (bool(importing) and "pages" in PurePosixPath(file).parts[:-1])
            if is_page and self._names.facts[file].functions:
                body = FunctionId(file, 0)
                self._enter(body, ("page", "streamlit"), file, self._names.function(body).at)

    def _imports_streamlit(self, file: str) -> bool:
        facts = self._names.facts[file]
        imports = (node for node in nodes(*facts.functions[0].body) if isinstance(node, ops.Import)) if facts.functions else ()
        return any(_names_streamlit(node) for node in imports)


def _names_streamlit(statement: ops.Import) -> bool:
    if statement.level:
        return False
    modules = [statement.module] if statement.module else [item.name for item in statement.names]
    return any(module.partition(".")[0] == "streamlit" for module in modules)


def _has_path(decorator: ops.Call) -> bool:
    given = argument(decorator, 0, "rule") or argument(decorator, 0, "path")
    return isinstance(given, ops.Constant) and isinstance(given.value, str) and (given.value == "" or text(given).startswith("/"))
