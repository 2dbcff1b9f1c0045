"""Where the program takes sessions from a configured acquirer. Entry point: `find_acquisitions`."""

from __future__ import annotations

import sys

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.libraries import INSTALLED
from sessionlint.knowledge.sqlalchemy.constructs import SCOPED_SESSIONS
from sessionlint.knowledge.sqlalchemy.sessions import ASYNC_SESSIONS, SESSIONS
from sessionlint.link.collect import Collected
from sessionlint.link.names.annotations import AnnotationMeaning
from sessionlint.link.names.lookup import is_constructor
from sessionlint.link.names.walk import nodes
from sessionlint.link.program import Acquisition
from sessionlint.link.sessions.receivers import Receivers
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId
from sessionlint.source import Location

_MOCKS = ("unittest.mock.", "mock.")
_SQLALCHEMY = ("sqlalchemy.", "sqlmodel.", "flask_sqlalchemy.")
_SCOPE_MAKERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
_UNKNOWN_TYPES = ("typing.", "builtins.object", "builtins.None", "collections.", "contextlib.")


def find_acquisitions(acquirers: tuple[str, ...], collected: Collected, receivers: Receivers) -> tuple[Acquisition, ...]:
    """Every call of an acquirer, sorted by place.

    A call counts where a spelling of what it calls ends with the acquirer's name, component by component. It does not where
    the manager is a local mock, or where the manager's class is known and hands out what is no session.
    """
    return _Finder(receivers).find(acquirers, collected)


class _Finder:
    def __init__(self, receivers: Receivers) -> None:
        self._receivers = receivers
        self._names, self._hierarchy = receivers.names, receivers.hierarchy
        self._annotations, self._dotting = receivers.annotations, receivers.dotting

    def find(self, acquirers: tuple[str, ...], collected: Collected) -> tuple[Acquisition, ...]:
        found: dict[Location, Acquisition] = {}
        for acquirer in acquirers:
            for function, call in collected.calls.get(acquirer.rpartition(".")[2], ()):
                place = Location(function.file, call.at)
                if place not in found and (dotted := self._match(function, call, acquirer)):
                    found[place] = Acquisition(place, function, dotted, acquirer)
        return tuple(found[place] for place in sorted(found))

    def _match(self, function: FunctionId, call: ops.Call, acquirer: str) -> str:
        tail = f".{acquirer}"
        spelled = [spelling for spelling in self._dotting.spellings(function, call.func) if f".{spelling}".endswith(tail)]
        if not spelled or self._is_mocked(function, call.func) or self._is_no_session(function, call.func):
            return ""
        return spelled[-1]

    # -- mocks ----------------------------------------------------------------------------------------------------

    def _is_mocked(self, function: FunctionId, func: Expr) -> bool:
        manager = func.value if isinstance(func, ops.Attribute) else None
        for place, value in self._receivers.values_of(function, manager):
            if isinstance(value, ops.Call):
                symbol = self._names.resolve(place, value.func)
                if isinstance(symbol, External) and symbol.name.startswith(_MOCKS):
                    return True
        return False

    # -- what the acquirer hands out ------------------------------------------------------------------------------

    def _is_no_session(self, function: FunctionId, func: Expr) -> bool:
        """Whether the manager's class is known and what it hands out cannot be a session of SQLAlchemy."""
        if not isinstance(func, ops.Attribute):
            return False
        owner = self._receivers.class_of(function, func.value)
        method = self._hierarchy.method(owner, func.name) if owner is not None else None
        if method is None:
            return False
        facts = self._names.function(method)
        if any(self._is_scope_maker(method, decorator) for decorator in facts.decorators):
            return True
        if facts.returns is not None:
            return self._is_foreign(self._annotations.meaning(method, facts.returns))
        return self._returns_foreign(method)

    def _is_scope_maker(self, method: FunctionId, decorator: Expr) -> bool:
        """An acquirer under `@contextmanager` is a scope itself: what it hands out is no session but a block around one."""
        symbol = self._names.resolve(method, decorator)
        return isinstance(symbol, External) and symbol.name in _SCOPE_MAKERS

    def _is_foreign(self, meaning: AnnotationMeaning) -> bool:
        if meaning.container:
            return meaning.element is not None and self._is_foreign(meaning.element)
        match meaning.symbol:
            case ClassSymbol(id=id):
                above = self._hierarchy.external_ancestors(id)
                is_open = any(not _is_no_session_class(base) for base in above)
                return above.isdisjoint(SESSIONS | ASYNC_SESSIONS | SCOPED_SESSIONS) and not is_open and self._is_fully_known(id)
            case External(name=name):
                return not name.startswith((*_SQLALCHEMY, *_UNKNOWN_TYPES))
            case _:
                return False

    def _is_fully_known(self, id: ClassId) -> bool:
        """Whether every base of the class and of those above it could be resolved."""
        return all(
            len(self._hierarchy.bases(ancestor)) >= len(self._names.facts[ancestor.file].classes[ancestor.index].bases)
            for ancestor in self._hierarchy.ancestors(id)
        )

    def _returns_foreign(self, method: FunctionId) -> bool:
        """Whether every `return` makes an instance of a foreign class."""
        values = [node.value for node in nodes(*self._names.function(method).body) if isinstance(node, ops.Return)]
        return bool(values) and all(self._makes_foreign(method, value) for value in values)

    def _makes_foreign(self, method: FunctionId, value: Expr | None) -> bool:
        if not isinstance(value, ops.Call):
            return False
        symbol = self._names.resolve(method, value.func)
        if isinstance(symbol, External) and not is_constructor(symbol.name):
            return False
        return isinstance(symbol, ClassSymbol | External) and self._is_foreign(AnnotationMeaning(symbol))


def _is_no_session_class(name: str) -> bool:
    """Whether an external class is surely neither a session nor derived from one: it belongs to a library that is known to be another."""
    root = name.partition(".")[0]
    is_known = root == "builtins" or root in INSTALLED or root in sys.stdlib_module_names
    return is_known and not name.startswith((*_SQLALCHEMY, *_UNKNOWN_TYPES))
