"""What `repr()` and `str()` of a class run: a function of the program, or what a dataclass generates. Entry point: `Shown`."""

from __future__ import annotations

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.sqlalchemy.constructs import DATACLASS_DECORATORS, MAPPED_AS_DATACLASS
from sessionlint.link.names.hierarchy import Hierarchy
from sessionlint.link.names.lookup import Names
from sessionlint.link.names.walk import literal
from sessionlint.link.symbols import ClassId, External, FunctionId


class Shown:
    """`mapped` are the classes that SQLAlchemy maps."""

    def __init__(self, names: Names, hierarchy: Hierarchy, mapped: set[ClassId]) -> None:
        self._names, self._hierarchy, self._mapped = names, hierarchy, mapped

    def is_dataclass(self, id: ClassId) -> bool:
        """Whether the class or one that it inherits from is a dataclass."""
        if MAPPED_AS_DATACLASS in self._hierarchy.external_ancestors(id):
            return True
        return any(self._is_decorated(ancestor) for ancestor in self._hierarchy.ancestors(id))

    def by(self, id: ClassId, name: str) -> FunctionId | None:
        """The program's function that `__repr__` or `__str__` is; a generated `__repr__` hides an inherited one."""
        for ancestor in self._hierarchy.ancestors(id):
            if self._defines(ancestor, name):
                return self._hierarchy.method(ancestor, name)
            if name == "__repr__" and self._is_generating(ancestor):
                return None
        return None

    def generates(self, id: ClassId) -> bool:
        """Whether a `__repr__` with the fields of the class is generated for it, and is the one that `repr()` runs."""
        return not self._defines(id, "__repr__") and self._is_generating(id)

    def _defines(self, id: ClassId, name: str) -> bool:
        table = self._names.class_table(id)
        return name in table.functions or name in table.assigned

    def _is_generating(self, id: ClassId) -> bool:
        """Whether a decorator or `MappedAsDataclass` writes a `__repr__`: unless `repr=False` is asked for."""
        if self._is_decorated(id):
            decorators = self._names.facts[id.file].classes[id.index].decorators
            options = [item for decorator in decorators if isinstance(decorator, ops.Call) for item in decorator.keywords]
            return not any(item.name == "repr" and literal(item.value) is False for item in options)
        if MAPPED_AS_DATACLASS not in self._hierarchy.external_ancestors(id):
            return False
        direct = {base.name for base in self._hierarchy.bases(id) if isinstance(base, External)}
        return (id in self._mapped or MAPPED_AS_DATACLASS not in direct) and self._asked_for(id)

    def _asked_for(self, id: ClassId) -> bool:
        """`class Base(MappedAsDataclass, DeclarativeBase, repr=False)`: what a class does not say it takes from the nearest above.

        `MappedAsDataclass.__init_subclass__` merges its own arguments into those that it finds on the class.
        """
        for ancestor in self._hierarchy.ancestors(id):
            if MAPPED_AS_DATACLASS in self._hierarchy.external_ancestors(ancestor):
                given = [value for name, value in self._names.facts[ancestor.file].classes[ancestor.index].keywords if name == "repr"]
                if given:
                    return literal(given[0]) is not False
        return True

    def _is_decorated(self, id: ClassId) -> bool:
        names = {symbol.name for symbol in self._hierarchy.decorators(id) if isinstance(symbol, External)}
        written = map(_undecorated, self._names.facts[id.file].classes[id.index].decorators)
        last = {expression.name for expression in written if isinstance(expression, ops.Attribute)}
        return bool(names & DATACLASS_DECORATORS) or "mapped_as_dataclass" in last


def _undecorated(decorator: Expr) -> Expr:
    return decorator.func if isinstance(decorator, ops.Call) else decorator
