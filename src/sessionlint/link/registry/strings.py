"""Which class a name in a string means (`relationship("Child")`), and which tables refer to which. Entry point: `ClassNames`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.link.names.hierarchy import Hierarchy
from sessionlint.link.names.lookup import Names
from sessionlint.link.names.walk import argument, nodes, text
from sessionlint.link.registry.declarations import Declaration, Declarations
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, Symbol


class ClassNames:
    """The mapped classes by name and by table, and the foreign keys between them."""

    def __init__(
        self,
        declarations: Declarations,
        mapped: Iterable[ClassId],
        tables: dict[ClassId, str],
        tables_of: Callable[[ClassId], list[tuple[FunctionId, ops.Call]]],
    ) -> None:
        self._declarations = declarations
        self._tables_of = tables_of
        self._names: Names = declarations.names
        self._hierarchy: Hierarchy = declarations.hierarchy
        self._tables = tables
        self._by_name: dict[str, list[ClassId]] = {}
        self._references: dict[ClassId, set[str]] = {}
        for id in sorted(mapped):
            self._by_name.setdefault(self._class_name(id), []).append(id)

    def _class_name(self, id: ClassId) -> str:
        return self._names.facts[id.file].classes[id.index].name

    def find(self, written: str, id: ClassId, declared: Declaration) -> ClassId | None:
        """The class that `written` (`Child`, `models.Child`, `package.models.Child`) means in a declaration of the class `id`.

        Of several of that name the one in the same module is taken, then the one that the module imports, then the one of the
        same declarative base, and else the only one that is left.
        """
        path, _, name = written.strip().rpartition(".")
        candidates = self._by_name.get(name, [])
        if path:
            dotted = f".{path}"
            candidates = [found for found in candidates if f".{self._names.sources[found.file].module}".endswith(dotted)] or candidates
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        for file in dict.fromkeys((id.file, declared.owner.file)):
            own = [found for found in candidates if found.file == file]
            if own:
                return own[0]
            symbol = self._names.follow(self._names.export(file, name))
            if isinstance(symbol, ClassSymbol) and symbol.id in candidates:
                return symbol.id
        base = self._base(id)
        related = [found for found in candidates if self._base(found) == base]
        return related[0] if len(related) == 1 else None

    def _base(self, id: ClassId) -> Symbol | None:
        """What decides to which registry a class belongs: its declarative base, as a class or as the variable that holds it."""
        for ancestor in reversed(self._hierarchy.ancestors(id)):
            facts = self._names.facts[ancestor.file].classes[ancestor.index]
            for base in facts.bases:
                symbol = self._names.resolve_in_class_scope(ancestor, base)
                if symbol is not None and not isinstance(symbol, ClassSymbol):
                    return ClassSymbol(ancestor) if isinstance(symbol, External) else symbol
        return None

    # -- foreign keys ---------------------------------------------------------------------------------------------

    def refers(self, id: ClassId, target: ClassId) -> bool:
        """Whether a column of the class (or of one that it inherits from) has a foreign key to the target's table."""
        names = {self._tables.get(above, "") for above in self._hierarchy.ancestors(target)} | {self._class_name(target)}
        return not names.isdisjoint(self._referred(id) - {""})

    def _referred(self, id: ClassId) -> set[str]:
        found = self._references.get(id)
        if found is None:
            found = self._references[id] = set()
            for ancestor in self._hierarchy.ancestors(id):
                for declared in self._declarations.own(ancestor).values():
                    found.update(self._keys_of(declared))
                for _, table in self._tables_of(ancestor):
                    found.update(self._foreign_keys(table))
                arguments = self._names.class_table(ancestor).assigned.get("__table_args__")
                if arguments is not None and arguments.value is not None:
                    found.update(self._foreign_keys(arguments.value))
        return found

    def _keys_of(self, declared: Declaration) -> set[str]:
        if declared.kind not in ("column", "deferred"):
            return set()
        given = text(declared.option("foreign_key"))
        found = {_table_of(given)} if given else set()
        for expression in (declared.call, *declared.meaning.metadata):
            if expression is not None:
                found |= self._foreign_keys(expression)
        return found

    def _foreign_keys(self, expression: Expr) -> set[str]:
        """Table names (or class names, of `ForeignKey(Parent.id)`) that the foreign keys in an expression refer to."""
        found: set[str] = set()
        for node in nodes(expression):
            if isinstance(node, ops.Call) and _last(node.func) == "ForeignKey":
                given = argument(node, 0, "column")
                if isinstance(given, ops.Attribute):
                    found.add(_last(given.value))
                elif text(given):
                    found.add(_table_of(text(given)))
            elif isinstance(node, ops.Call) and _last(node.func) == "ForeignKeyConstraint":
                columns = argument(node, 1, "refcolumns")
                for column in columns.items if isinstance(columns, ops.Display) else ():
                    found.add(_table_of(text(column)) if text(column) else _last(column.value) if isinstance(column, ops.Attribute) else "")
        return found

    def holder_of_keys(self, id: ClassId, target: ClassId, declared: Declaration) -> ClassId | None:
        """Which of the two classes of a relationship holds its foreign key, as `foreign_keys=` or `foreign(…)` in `primaryjoin=` say."""
        written = declared.option("foreign_keys")
        names = self._classes_in(declared, written, is_key=True) if written is not None else set()
        join = declared.option("primaryjoin")
        if not names and join is not None:
            names = self._classes_in(declared, join, is_key=False)
        holders = {found for found in (id, target) for above in self._hierarchy.ancestors(found) if self._class_name(above) in names}
        return holders.pop() if len(holders) == 1 else None

    def _classes_in(self, declared: Declaration, expression: Expr, *, is_key: bool) -> set[str]:
        """The names of the classes of the columns in `expression`: of all, or of those in `foreign(…)`."""
        if isinstance(expression, ops.Lambda):
            body = self._names.function(FunctionId(declared.function.file, expression.function)).body
            return {name for each in body if isinstance(each, ops.Return) and each.value is not None
                    for name in self._classes_in(declared, each.value, is_key=is_key)}  # fmt: skip
        if text(expression):
            pattern = r"(\w+)\.\w+\b(?!\.)" if is_key else r"foreign\(\s*(?:\w+\.)*?(\w+)\.\w+\s*\)"
            return set(re.findall(pattern, text(expression)))
        own = self._class_name(declared.owner)
        found = set()
        for node in nodes(expression):
            if isinstance(node, ops.Call) and _last(node.func) == "foreign" and not is_key:
                found |= {name for each in node.args for name in self._classes_in(declared, each, is_key=True)}
            elif is_key and isinstance(node, ops.Attribute) and isinstance(node.value, ops.Name):
                found.add(node.value.id)
            elif is_key and isinstance(node, ops.Constant) and text(node):
                found |= self._classes_in(declared, node, is_key=True)
        is_local = is_key and any(
            isinstance(node, ops.Name) and node.id in self._declarations.own(declared.owner) for node in nodes(expression)
        )
        return found | {own} if is_local else found

    def text_for(self, id: ClassId, expression: Expr | None) -> str:
        """`cls.__tablename__ + "_list"` in a mixin, for one class that it is mixed into."""
        match expression:
            case ops.Attribute(name="__tablename__"):
                return self._tables.get(id, "")
            case ops.Attribute(name="__name__"):
                return self._class_name(id)
            case ops.Call(func=ops.Attribute(name="lower", value=inner), args=()):
                return self.text_for(id, inner).lower()
            case ops.Other(kind="+", parts=parts):
                found = [text(part) or self.text_for(id, part) for part in parts]
                return "".join(found) if all(found) else ""
            case ops.Other(kind="%", parts=(form, value)) if text(form).count("%") == 1:
                inner_text = self.text_for(id, value)
                return text(form).replace("%s", inner_text) if inner_text else ""
            case _:
                return ""


def _table_of(reference: str) -> str:
    """`schema.table.column` without its schema and column."""
    parts = reference.split(".")
    return parts[-2] if len(parts) > 1 else reference


def _last(expression: Expr) -> str:
    if isinstance(expression, ops.Attribute):
        return expression.name
    return expression.id if isinstance(expression, ops.Name) else ""
