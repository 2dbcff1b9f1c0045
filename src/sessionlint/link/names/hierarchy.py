"""Which classes a class inherits from, and what it finds there. Entry point: `Hierarchy`."""

from __future__ import annotations

from collections.abc import Iterable

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.sqlalchemy.constructs import DECLARATIVE_DECORATORS, DECLARATIVE_FACTORIES, FLASK_MODEL
from sessionlint.link.names.lookup import Names
from sessionlint.link.names.walk import argument, keyword
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, FunctionSymbol, Symbol, VariableSymbol

_METACLASS_CALLS = frozenset({"six.with_metaclass", "future.utils.with_metaclass", "sqlalchemy.util.with_metaclass"})
_OBJECT = "builtins.object"


class Hierarchy:
    """The classes of a program with their bases, linearized as Python does (C3), or depth-first where no such order exists."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._bases: dict[ClassId, tuple[Symbol, ...]] = {}
        self._linear: dict[ClassId, tuple[Symbol, ...]] = {}
        self._children: dict[ClassId, list[ClassId]] | None = None

    def classes(self) -> list[ClassId]:
        """Every class of the program, sorted."""
        return [ClassId(file, index) for file in sorted(self.names.facts) for index in range(len(self.names.facts[file].classes))]

    def bases(self, id: ClassId) -> tuple[Symbol, ...]:
        """The class's own bases as far as they are known, classes and externals only.

        A base that a factory makes stands for what the factory's result inherits: `declarative_base(cls=Mixin)` is `Mixin`, then
        `External("sqlalchemy.orm.declarative_base")`.
        """
        found = self._bases.get(id)
        if found is None:
            facts = self.names.facts[id.file].classes[id.index]
            symbols = [symbol for base in facts.bases for symbol in self._base(id, base)]
            symbols += [
                External(symbol.name)
                for symbol in self.decorators(id)
                if isinstance(symbol, External) and symbol.name in DECLARATIVE_DECORATORS
            ]
            found = self._bases[id] = tuple(dict.fromkeys(symbol for symbol in symbols if symbol != ClassSymbol(id)))
        return found

    def _base(self, id: ClassId, expression: Expr) -> list[Symbol]:
        symbol = self.names.resolve_in_class_scope(id, expression)
        if isinstance(symbol, VariableSymbol):
            return self.made_by(symbol)
        if isinstance(symbol, External) and symbol.name == FLASK_MODEL and isinstance(expression, ops.Attribute):
            owner = self.names.resolve_in_class_scope(id, expression.value)
            return [*(self._model_class(owner) if isinstance(owner, VariableSymbol) else ()), symbol]
        if isinstance(symbol, ClassSymbol | External):
            return [symbol]
        if isinstance(expression, ops.Call):
            return self._called_base(id, expression)
        return []

    def _called_base(self, id: ClassId, call: ops.Call) -> list[Symbol]:
        function = self.names.class_parent(id)
        made = self.names.resolve_in_class_scope(id, call.func)
        if isinstance(made, External) and made.name in _METACLASS_CALLS:
            return [symbol for base in call.args[1:] for symbol in self._base(id, base)]
        return self._from_factory(function, call)

    def made_by(self, variable: VariableSymbol) -> list[Symbol]:
        """The bases that a class made by a call and kept in a variable brings: `Base = declarative_base()`."""
        found = self.names.value_of(variable)
        if found is None:
            return []
        function, value = found
        if isinstance(value, ops.Attribute) and value.name == "Model":
            symbol = self.names.resolve(function, value)
            return [symbol] if isinstance(symbol, External) else []
        return self._from_factory(function, value) if isinstance(value, ops.Call) else []

    def _from_factory(self, function: FunctionId, call: ops.Call) -> list[Symbol]:
        made = self.names.resolve(function, call.func)
        if isinstance(call.func, ops.Attribute) and isinstance(call.func.value, ops.Call):  # registry().generate_base()
            made = self.names.member(self.names.resolve(function, call.func.value.func), call.func.name)
        if isinstance(made, FunctionSymbol):
            return self._returned(made.id)
        if not isinstance(made, External) or made.name not in DECLARATIVE_FACTORIES:
            return []
        given = argument(call, 0) if made.name.endswith("automap_base") else keyword(call, "cls")
        symbols = [self.names.resolve(function, item) for item in _items(given)]
        expanded = [base for symbol in symbols for base in ([symbol] if isinstance(symbol, ClassSymbol | External) else ())]
        name = "sqlalchemy.orm.declarative_base"
        return [*expanded, External(name)]

    def _returned(self, function: FunctionId) -> list[Symbol]:
        """`def make_base(): return declarative_base()`, one step deep."""
        for statement in self.names.function(function).body:
            if isinstance(statement, ops.Return) and isinstance(statement.value, ops.Call):
                made = self.names.resolve(function, statement.value.func)
                if isinstance(made, External):
                    return self._from_factory(function, statement.value)
        return []

    def _model_class(self, variable: VariableSymbol) -> list[Symbol]:
        found = self.names.value_of(variable)
        if found is None or not isinstance(found[1], ops.Call):
            return []
        given = keyword(found[1], "model_class")
        symbol = self.names.resolve(found[0], given) if given is not None else None
        if isinstance(symbol, VariableSymbol):
            return self.made_by(symbol)
        return [symbol] if isinstance(symbol, ClassSymbol | External) else []

    def decorators(self, id: ClassId) -> list[Symbol]:
        """What decorates the class, calls taken for what they call."""
        facts = self.names.facts[id.file].classes[id.index]
        plain = [decorator.func if isinstance(decorator, ops.Call) else decorator for decorator in facts.decorators]
        found = [self.names.resolve_in_class_scope(id, decorator) for decorator in plain]
        return [symbol for symbol in found if symbol is not None]

    # -- linearization --------------------------------------------------------------------------------------------

    def mro(self, id: ClassId) -> tuple[Symbol, ...]:
        """The class itself, then everything it inherits from in the order in which Python looks there; `object` is left out."""
        found = self._linear.get(id)
        if found is None:
            self._linear[id] = (ClassSymbol(id),)  # what a cycle sees
            bases = [base for base in self.bases(id) if base != External(_OBJECT)]
            lines = [self.mro(base.id) if isinstance(base, ClassSymbol) else (base,) for base in bases]
            merged = _merge([[*line] for line in lines] + [bases])
            if merged is None:
                merged = list(dict.fromkeys(symbol for line in lines for symbol in line))
            found = self._linear[id] = (ClassSymbol(id), *(symbol for symbol in merged if symbol != ClassSymbol(id)))
        return found

    def ancestors(self, id: ClassId) -> list[ClassId]:
        """The classes of the program in the MRO, the class itself first."""
        return [symbol.id for symbol in self.mro(id) if isinstance(symbol, ClassSymbol)]

    def external_ancestors(self, id: ClassId) -> set[str]:
        """The names of what the class inherits from outside the program."""
        return {symbol.name for symbol in self.mro(id) if isinstance(symbol, External)}

    def inherits(self, id: ClassId, names: Iterable[str]) -> bool:
        """Whether the class inherits from one of the externals `names`."""
        return not self.external_ancestors(id).isdisjoint(names)

    def method(self, id: ClassId, name: str) -> FunctionId | None:
        """The function that `name` is on the class, through the MRO; a property's is its getter."""
        for ancestor in self.ancestors(id):
            table = self.names.class_table(ancestor)
            if name in table.functions:
                return FunctionId(ancestor.file, self.names.getter(ancestor, name))
            assigned = table.assigned.get(name)
            if assigned is not None:
                symbol = (
                    self.names.resolve_in_class(ancestor, assigned.value) if isinstance(assigned.value, ops.Name | ops.Attribute) else None
                )
                if symbol is None and isinstance(assigned.value, ops.Name) and assigned.value.id in table.functions:
                    return FunctionId(ancestor.file, self.names.getter(ancestor, assigned.value.id))
                return symbol.id if isinstance(symbol, FunctionSymbol) else None
        return None

    def class_attribute(self, id: ClassId, name: str) -> tuple[ClassId, Expr | None, Expr | None] | None:
        """The class that assigns or annotates `name` in its body, through the MRO, with the value and the annotation."""
        for ancestor in self.ancestors(id):
            assigned = self.names.class_table(ancestor).assigned.get(name)
            if assigned is not None:
                return ancestor, assigned.value, assigned.annotation
        return None

    def children(self, id: ClassId) -> list[ClassId]:
        """The classes that name this one among their bases, sorted."""
        if self._children is None:
            self._children = {}
            for child in self.classes():
                for base in self.bases(child):
                    if isinstance(base, ClassSymbol):
                        self._children.setdefault(base.id, []).append(child)
        return self._children.get(id, [])

    def subclasses(self, id: ClassId) -> tuple[ClassId, ...]:
        """Every class below this one, nearest first, then sorted."""
        found: dict[ClassId, None] = {}
        level = [id]
        while level:
            level = sorted({child for parent in level for child in self.children(parent)} - found.keys() - {id})
            found.update(dict.fromkeys(level))
        return tuple(found)


def _items(expression: Expr | None) -> tuple[Expr, ...]:
    if expression is None:
        return ()
    return expression.items if isinstance(expression, ops.Display) else (expression,)


def _merge(lines: list[list[Symbol]]) -> list[Symbol] | None:
    """C3: the one order that keeps every line's own; None where there is none (https://docs.python.org/3/howto/mro.html)."""
    merged: list[Symbol] = []
    lines = [line for line in lines if line]
    while lines:
        tails = {symbol for line in lines for symbol in line[1:]}
        head = next((line[0] for line in lines if line[0] not in tails), None)
        if head is None:
            return None
        merged.append(head)
        lines = [rest for line in lines if (rest := line[1:] if line[0] == head else line)]
    return merged
