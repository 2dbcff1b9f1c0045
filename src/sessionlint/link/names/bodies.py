"""The bodies of functions and classes: what each binds, and which is inside which. Entry point: `Bodies`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from sessionlint.facts import FileFacts, FileSummary, FunctionFacts, FunctionSummary, ops, summary_of
from sessionlint.facts.ops import Expr
from sessionlint.link.names.tables import Bindings, ClassTable, bindings_of, class_table
from sessionlint.link.symbols import ClassId, FunctionId


class Bodies:
    """All bodies of a program; tables are made when first asked for and kept."""

    def __init__(self, facts: Mapping[str, FileFacts]) -> None:
        self.facts = dict(facts)
        self._tables: dict[FunctionId, Bindings] = {}
        self._class_tables: dict[ClassId, ClassTable] = {}
        self._local_names: dict[FunctionId, frozenset[str]] = {}
        self._bound: dict[FunctionId, frozenset[str]] = {}
        self._summaries: dict[str, FileSummary] = {}
        self._inner: dict[str, dict[int, list[int]]] = {}
        self.looked: set[FunctionId] = set()
        """The functions whose facts were asked for; who wants to know puts a set of its own here."""

    def add(self, facts: Mapping[str, FileFacts]) -> None:
        """Let functions be found that are in no module: templates."""
        self.facts.update(facts)

    def function(self, id: FunctionId) -> FunctionFacts:
        """The facts of a function."""
        self.looked.add(id)
        return self.facts[id.file].functions[id.index]

    def summary(self, file: str) -> FileSummary:
        """What the bodies of a file hold, in short."""
        found = self._summaries.get(file)
        if found is None:
            found = self._summaries[file] = summary_of(self.facts[file])
        return found

    def of_body(self, function: FunctionId) -> FunctionSummary:
        """What a function's own body holds, in short."""
        self.looked.add(function)
        return self.summary(function.file).functions[function.index]

    def mentions(self, function: FunctionId) -> list[tuple[str, str]]:
        """Every name and attribute in a function's body, decorators and signature, as `facts.mentioned` gives them."""
        self.looked.add(function)
        summary = self.summary(function.file)
        return [summary.mentions[number] for number in summary.functions[function.index].mentions]

    def mentioning(self, names: Collection[str], files: Iterable[str]) -> Iterator[FunctionId]:
        """The functions of the files in whose own bodies, decorators or signatures one of the names is mentioned, as a name or an
        attribute; in order."""
        for file in files:
            summary = self.summary(file)
            numbers = {number for number, (_, name) in enumerate(summary.mentions) if name in names}
            if numbers:
                for index, body in enumerate(summary.functions):
                    if not numbers.isdisjoint(body.mentions):
                        yield FunctionId(file, index)

    def importing(self, file: str) -> Iterator[FunctionId]:
        """The functions of a file in whose own bodies something is imported."""
        return (FunctionId(file, index) for index, body in enumerate(self.summary(file).functions) if body.has_imports)

    def inner(self, function: FunctionId) -> list[int]:
        """The functions that are defined in this one."""
        found = self._inner.get(function.file)
        if found is None:
            found = self._inner[function.file] = {}
            for index, facts in enumerate(self.facts[function.file].functions):
                found.setdefault(facts.parent, []).append(index)
        return found.get(function.index, [])

    def bindings(self, function: FunctionId) -> Bindings:
        """What the function's own body binds."""
        table = self._tables.get(function)
        if table is None:
            facts = self.facts[function.file]
            body = facts.functions[function.index].body if facts.functions else ()
            table = self._tables[function] = bindings_of(body, facts)
        return table

    def class_table(self, id: ClassId) -> ClassTable:
        """What the class's own body holds."""
        table = self._class_tables.get(id)
        if table is None:
            facts = self.facts[id.file]
            table = self._class_tables[id] = class_table(facts, facts.classes[id.index])
        return table

    def is_local(self, function: FunctionId, name: str) -> bool:
        """Whether `name` is a parameter or a variable of the function itself."""
        names = self._local_names.get(function)
        if names is None:
            names = self._local_names[function] = frozenset(self.function(function).names)
        return name in names

    def bound_in(self, function: FunctionId) -> frozenset[str]:
        """The names that the function or one around it may bind, so that they need not mean what they mean in the module."""
        names = self._bound.get(function)
        if names is None:
            parent = self.parent(function)
            if parent is None:
                names = frozenset()
            else:
                names = self.bound_in(parent).union(self.function(function).names, self.of_body(function).defined)
            self._bound[function] = names
        return names

    def parent(self, function: FunctionId) -> FunctionId | None:
        """The function around this one (the module's body for a top-level function or method); None for a module's body."""
        if function.index == 0:
            return None
        facts = self.function(function)
        index = facts.parent
        if index < 0 and facts.owner >= 0:
            index = self.class_parent(ClassId(function.file, facts.owner)).index
        return FunctionId(function.file, max(index, 0))

    def class_parent(self, id: ClassId) -> FunctionId:
        """The function in whose body, perhaps inside other classes, the class is defined."""
        classes = self.facts[id.file].classes
        facts = classes[id.index]
        while facts.parent < 0 and facts.owner >= 0:
            facts = classes[facts.owner]
        return FunctionId(id.file, max(facts.parent, 0))

    def getter(self, id: ClassId, name: str) -> int:
        """The function that a method's name stands for: the last one that is no setter, deleter, expression or overload."""
        candidates = self.class_table(id).functions[name]
        functions = self.facts[id.file].functions
        plain = [index for index in candidates if not any(_is_addition(decorator) for decorator in functions[index].decorators)]
        return (plain or list(candidates))[-1]


def _is_addition(decorator: Expr) -> bool:
    if isinstance(decorator, ops.Attribute):
        return decorator.name in ("setter", "deleter", "expression", "inplace", "comparator", "update_expression", "overload", "getter")
    return isinstance(decorator, ops.Name) and decorator.id == "overload"
