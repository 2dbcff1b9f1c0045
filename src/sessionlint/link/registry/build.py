"""All models of a program, from what their classes and those that they inherit from declare. Entry point: `build_models`."""

from __future__ import annotations

import re

import msgspec

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.sqlalchemy.constructs import ASYNC_ATTRS, FLASK_MODEL, SQLMODEL
from sessionlint.link.models import MappedAttribute, Model
from sessionlint.link.names.annotations import Annotations
from sessionlint.link.names.hierarchy import Hierarchy
from sessionlint.link.names.lookup import Names
from sessionlint.link.names.walk import argument, keyword, literal, nodes, text
from sessionlint.link.registry.columns import column
from sessionlint.link.registry.declarations import Declaration, Declarations
from sessionlint.link.registry.mapped import Imperative, MappedClasses, mapped_classes
from sessionlint.link.registry.relationships import Relationships
from sessionlint.link.registry.shown import Shown
from sessionlint.link.registry.strings import ClassNames
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, VariableSymbol
from sessionlint.source import Location, Range

Calls = list[tuple[FunctionId, ops.Call]]
Additions = list[tuple[FunctionId, ops.Assign]]


def build_models(
    names: Names, hierarchy: Hierarchy, annotations: Annotations, mapper_calls: Calls, additions: Additions, added: Calls
) -> dict[ClassId, Model]:
    """The registry, sorted by class.

    `mapper_calls` are calls that may map a class imperatively, `additions` assignments to an attribute that may add one to a class
    (`User.orders = relationship(Order)`), `added` calls that do so (`User.__mapper__.add_property("orders", …)`).
    """
    return _Builder(names, hierarchy, annotations, mapped_classes(names, hierarchy, mapper_calls)).build(additions, added)


class _Builder:
    def __init__(self, names: Names, hierarchy: Hierarchy, annotations: Annotations, classes: MappedClasses) -> None:
        self._names, self._hierarchy, self._classes = names, hierarchy, classes
        self._all = sorted(classes.mapped | classes.bases)
        self._declarations = Declarations(names, hierarchy, annotations)
        self._shown = Shown(names, hierarchy, classes.mapped)
        self._tables = {id: self._table(id) for id in self._all}
        self._relationships = Relationships(
            self._declarations, ClassNames(self._declarations, classes.mapped, self._tables, self._tables_of)
        )
        self._backrefs: dict[ClassId, dict[str, MappedAttribute]] = {}

    def build(self, additions: Additions, added: Calls) -> dict[ClassId, Model]:
        for id, imperative in sorted(self._classes.imperative.items()):
            for call in imperative:
                self._declarations.own(id).update(self._imperative(id, call))
        for function, assign in additions:
            target = assign.targets[0]
            if isinstance(target, ops.Attribute) and assign.value is not None:
                self._add(function, target.value, target.name, assign.value, target.at)
        for function, adding in added:
            name, value = text(argument(adding, 0, "key")), argument(adding, 1, "prop")
            if name and value is not None and isinstance(adding.func, ops.Attribute):
                self._add(function, _mapped_by(adding.func.value), name, value, adding.at)
        plain = {id: self._attributes(id) for id in self._all}
        return {id: self._model(id, plain) for id in self._all}

    # -- attributes -----------------------------------------------------------------------------------------------

    def _attributes(self, id: ClassId) -> dict[str, MappedAttribute]:
        """Own and inherited attributes, the nearest in the MRO winning; backrefs are noted for their targets."""
        found: dict[str, MappedAttribute] = {}
        for ancestor in reversed(self._hierarchy.ancestors(id)):
            for name, declared in self._declarations.own(ancestor).items():
                found.pop(name, None)
                found[name] = self._attribute(id, declared)
                is_own = ancestor == id or ancestor not in self._classes.mapped
                if declared.kind == "relationship" and is_own and id in self._classes.mapped:
                    self._note_backref(id, declared, found[name])
            found.update({name: attribute for name, attribute in self._table_columns(ancestor).items() if name not in found})
        if self._is_eager_default(id):
            found = {name: msgspec.structs.replace(each, is_generated=False, is_generated_on_update=False) for name, each in found.items()}
        return found

    def _note_backref(self, id: ClassId, declared: Declaration, forward: MappedAttribute) -> None:
        backref = self._relationships.backref(id, declared, forward)
        if backref is not None:
            self._backrefs.setdefault(backref.target, {}).setdefault(backref.attribute.name, backref.attribute)

    def _attribute(self, id: ClassId, declared: Declaration) -> MappedAttribute:
        if declared.kind == "relationship":
            return self._relationships.attribute(id, declared)
        if declared.kind in ("column", "deferred", "column_property"):
            return column(self._declarations, declared)
        proxy: tuple[str, str] | None = None
        if declared.call is not None and declared.kind == "association_proxy":
            proxy = (text(argument(declared.call, 0, "target_collection")), text(argument(declared.call, 1, "attr")))
        elif declared.call is not None and declared.kind == "synonym":
            proxy = (text(argument(declared.call, 0, "name")), "")
        in_repr = literal(declared.option("repr")) is not False
        return MappedAttribute(
            declared.name, declared.kind, declared.at, declared.owner, in_repr=in_repr, proxy=proxy, function=declared.body
        )

    def _is_eager_default(self, id: ClassId) -> bool:
        """`__mapper_args__ = {"eager_defaults": True}`: what a flush generates is fetched by it."""
        for ancestor in self._hierarchy.ancestors(id):
            assigned = self._names.class_table(ancestor).assigned.get("__mapper_args__")
            value = assigned.value if assigned is not None else None
            if isinstance(value, ops.DictDisplay):
                for key, given in zip(value.keys, value.values, strict=True):
                    if text(key) == "eager_defaults":
                        return literal(given) is True
        return False

    def _table_columns(self, id: ClassId) -> dict[str, MappedAttribute]:
        """The columns of `__table__ = Table(…)` and of the table of an imperative mapping, by name."""
        found: dict[str, MappedAttribute] = {}
        for place, table in self._tables_of(id):
            for item in table.args:
                if isinstance(item, ops.Call) and self._names.resolve(place, item.func) == External("sqlalchemy.Column"):
                    name = text(keyword(item, "key")) or text(argument(item, 0, "name"))
                    if name:
                        declared = Declaration(name, "column", id, Location(place.file, item.at), place, None, item)
                        found[name] = column(self._declarations, declared)
        return found

    def _tables_of(self, id: ClassId) -> list[tuple[FunctionId, ops.Call]]:
        """The calls that make the tables which are given to the class whole, each with the function they stand in."""
        assigned = self._names.class_table(id).assigned.get("__table__")
        function = self._names.class_parent(id)
        given: list[tuple[FunctionId, Expr]] = [(function, assigned.value)] if assigned is not None and assigned.value is not None else []
        given += [(call.function, call.table) for call in self._classes.imperative.get(id, []) if call.table is not None]
        made = [self._table_call(place, expression) for place, expression in given]
        return [(place, call) for place, call in made if call is not None]

    def _table_call(self, function: FunctionId, expression: Expr) -> tuple[FunctionId, ops.Call | None]:
        if isinstance(expression, ops.Name | ops.Attribute):
            symbol = self._names.resolve(function, expression)
            found = self._names.value_of(symbol) if isinstance(symbol, VariableSymbol) else None
            if found is not None:
                function, expression = found
        return function, expression if isinstance(expression, ops.Call) else None

    # -- what is added from outside -------------------------------------------------------------------------------

    def _imperative(self, id: ClassId, imperative: Imperative) -> dict[str, Declaration]:
        found: dict[str, Declaration] = {}
        for name, value in imperative.properties.items():
            plain = Declaration(name, "", id, Location(imperative.function.file, value.at), imperative.function, None)
            declared = self._declarations.construct(plain, value)
            if declared is not None:
                found[name] = declared
        return found

    def _add(self, function: FunctionId, owner: Expr, name: str, value: Expr, at: Range) -> None:
        symbol = self._names.resolve(function, owner)
        if not isinstance(symbol, ClassSymbol) or symbol.id not in self._tables:
            return
        declared = self._declarations.construct(Declaration(name, "", symbol.id, Location(function.file, at), function, None), value)
        if declared is not None:
            self._declarations.own(symbol.id)[name] = declared

    # -- models ---------------------------------------------------------------------------------------------------

    def _model(self, id: ClassId, plain: dict[ClassId, dict[str, MappedAttribute]]) -> Model:
        attributes = dict(plain[id])
        for ancestor in self._hierarchy.ancestors(id):
            for name, attribute in self._backrefs.get(ancestor, {}).items():
                attributes.setdefault(name, attribute)
        mapped = self._classes.mapped
        repr_function = self._shown.by(id, "__repr__")
        return Model(
            id=id,
            name=self._names.facts[id.file].classes[id.index].name,
            attributes=attributes,
            parents=tuple(above for above in self._hierarchy.ancestors(id)[1:] if above in mapped),
            children=tuple(below for below in self._hierarchy.subclasses(id) if below in mapped),
            is_mapped=id in mapped,
            is_dataclass=self._shown.is_dataclass(id),
            is_async_attrs=ASYNC_ATTRS in self._hierarchy.external_ancestors(id),
            table=self._tables[id],
            repr_function=repr_function,
            str_function=self._shown.by(id, "__str__") or repr_function,
            generates_repr=self._shown.generates(id),
        )

    def _table(self, id: ClassId) -> str:
        table = self._names.class_table(id)
        named = table.assigned.get("__tablename__")
        if named is not None and text(named.value):
            return text(named.value)
        for _, call in self._tables_of(id):
            if text(argument(call, 0, "name")):
                return text(argument(call, 0, "name"))
        return self._generated_table(id)

    def _generated_table(self, id: ClassId) -> str:
        """SQLModel takes the class's name in lower case, Flask-SQLAlchemy in snake case; a `declared_attr` is read where it is
        that simple."""
        name = self._names.facts[id.file].classes[id.index].name
        if id not in self._classes.mapped:
            return ""
        above = self._hierarchy.external_ancestors(id)
        if SQLMODEL in above:
            return name.lower()
        maker = self._hierarchy.method(id, "__tablename__")
        if maker is not None:
            lowered = any(isinstance(node, ops.Attribute) and node.name == "lower" for node in nodes(*self._names.function(maker).body))
            return name.lower() if lowered else ""
        parent = next((above_it for above_it in self._hierarchy.ancestors(id)[1:] if above_it in self._classes.mapped), None)
        inherited = self._table(parent) if parent is not None else ""
        if FLASK_MODEL in above and not inherited:
            return re.sub(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))", r"_\1", name).lower()
        return inherited


def _mapped_by(expression: Expr) -> Expr:
    """The class in `User.__mapper__`, `class_mapper(User)` and `inspect(User)`."""
    if isinstance(expression, ops.Call) and expression.args:
        return expression.args[0]
    return expression.value if isinstance(expression, ops.Attribute) and expression.name == "__mapper__" else expression
