"""What a class's own body declares to SQLAlchemy, before anything is made of it. Entry point: `Declarations.own`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.sqlalchemy.constructs import ASSOCIATION_PROXIES, COLUMNS, DECLARED_ATTRS, HYBRIDS, RELATIONSHIPS, SQLMODEL
from sessionlint.link.names.annotations import NOTHING, AnnotationMeaning, Annotations
from sessionlint.link.names.hierarchy import Hierarchy
from sessionlint.link.names.lookup import Names
from sessionlint.link.names.walk import argument, entries, keyword, nodes, text
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, FunctionSymbol, Symbol, VariableSymbol
from sessionlint.source import Location

KINDS: dict[str, str] = {
    **dict.fromkeys(COLUMNS, "column"),
    **dict.fromkeys(RELATIONSHIPS, "relationship"),
    **dict.fromkeys(ASSOCIATION_PROXIES, "association_proxy"),
    **dict.fromkeys(HYBRIDS, "hybrid"),
    "sqlmodel.Field": "column",
    "sqlalchemy.orm.deferred": "deferred",
    "sqlalchemy.orm.column_property": "column_property",
    "sqlalchemy.orm.query_expression": "column_property",
    "sqlalchemy.orm.synonym": "synonym",
    "sqlalchemy.orm.composite": "composite",
    "builtins.property": "property",
    "functools.cached_property": "property",
}
"""What an attribute is whose value is a call of this."""

_SKIPPED = frozenset({"__tablename__", "__table__", "__table_args__", "__mapper_args__", "metadata", "registry", "model_config"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """An attribute as declared: `call` is the construct's call (None for a bare annotation or a method), to be read in
    `function` and, where set, in the body of `scope`; `options` are keyword arguments that another call adds (SQLModel's
    `sa_relationship_kwargs`)."""

    name: str
    kind: str
    owner: ClassId
    at: Location
    function: FunctionId
    scope: ClassId | None
    call: ops.Call | None = None
    meaning: AnnotationMeaning = NOTHING
    body: FunctionId | None = None
    options: tuple[tuple[str, Expr], ...] = ()
    callee: str = ""

    def option(self, name: str) -> Expr | None:
        """A keyword argument of the declaration."""
        given = keyword(self.call, name) if self.call is not None else None
        return given if given is not None else next((value for key, value in self.options if key == name), None)


class Declarations:
    """Reads class bodies."""

    def __init__(self, names: Names, hierarchy: Hierarchy, annotations: Annotations) -> None:
        self.names = names
        self.hierarchy = hierarchy
        self.annotations = annotations
        self._own: dict[ClassId, dict[str, Declaration]] = {}

    def own(self, id: ClassId) -> dict[str, Declaration]:
        """The declarations of the class's own body by attribute name."""
        found = self._own.get(id)
        if found is None:
            found = self._own[id] = {}
            for name in self.names.class_table(id).assigned:
                if name not in _SKIPPED and not (name.startswith("__") and name.endswith("__")):
                    self._enter(found, self._assigned(id, name))
            for name in self.names.class_table(id).functions:
                self._enter(found, self._method(id, name))
            for composite in [each for each in found.values() if each.kind == "composite"]:
                found.update({column.name: column for column in self._columns_of(composite) if column.name not in found})
            for name, value in self._mapper_properties(id):
                place = Location(id.file, value.at)
                self._enter(found, self.construct(Declaration(name, "", id, place, self.names.class_parent(id), id), value))
        return found

    def _mapper_properties(self, id: ClassId) -> list[tuple[str, Expr]]:
        """`__mapper_args__ = {"properties": {"parts": relationship(Part)}}`."""
        assigned = self.names.class_table(id).assigned.get("__mapper_args__")
        given = entries(assigned.value).get("properties") if assigned is not None else None
        return sorted(entries(given).items())

    def _columns_of(self, composite: Declaration) -> list[Declaration]:
        """The columns that `composite(mapped_column("x1"), …)` makes; without names they are called as the fields of the class."""
        symbol = composite.meaning.symbol
        fields = [
            name
            for name, assigned in (self.names.class_table(symbol.id).assigned.items() if isinstance(symbol, ClassSymbol) else ())
            if assigned.annotation is not None
        ]
        given = composite.call.args if composite.call is not None else ()
        found = []
        for position, value in enumerate(given or [None] * len(fields)):
            if value is not None and not isinstance(value, ops.Call):
                continue
            name = text(argument(value, 0)) if value is not None else ""
            plain = replace(composite, name=name or (fields[position] if position < len(fields) else ""), call=None, meaning=NOTHING)
            column = replace(plain, kind="column") if value is None else self.construct(plain, value)
            if column is not None and column.name and column.kind == "column":
                found.append(column)
        return found

    def _enter(self, found: dict[str, Declaration], declaration: Declaration | None) -> None:
        if declaration is not None:
            found[declaration.name] = declaration

    # -- assignments ----------------------------------------------------------------------------------------------

    def _assigned(self, id: ClassId, name: str) -> Declaration | None:
        assigned = self.names.class_table(id).assigned[name]
        place = Location(id.file, assigned.at)
        function = self.names.class_parent(id)
        meaning = self.annotations.meaning_in_class(id, assigned.annotation)
        plain = Declaration(name, "", id, place, function, id, meaning=meaning)
        if assigned.value is None:
            return self._annotated_only(plain, assigned.annotation)
        declared = self.construct(plain, assigned.value)
        if declared is None and self._is_sqlmodel(id) and assigned.annotation is not None:
            return self._annotated_only(plain, assigned.annotation)
        if declared is None and meaning.wrapper:
            return replace(plain, kind="column")
        return declared

    def _annotated_only(self, plain: Declaration, annotation: Expr | None) -> Declaration | None:
        meaning = plain.meaning
        if meaning.wrapper:
            return self._from_metadata(replace(plain, kind="column"))
        if not self._is_sqlmodel(plain.owner) or _is_class_variable(annotation):
            return None
        return self._from_metadata(replace(plain, kind="column"))

    def _from_metadata(self, plain: Declaration) -> Declaration:
        """`Mapped[Annotated[int, mapped_column(primary_key=True)]]`: the construct stands in the annotation."""
        for extra in plain.meaning.metadata:
            declared = self.construct(plain, extra)
            if declared is not None:
                return declared
        return plain

    def _is_sqlmodel(self, id: ClassId) -> bool:
        return SQLMODEL in self.hierarchy.external_ancestors(id)

    def resolve(self, declaration: Declaration, expression: Expr) -> Symbol | None:
        """What an expression means where the declaration stands."""
        if declaration.scope is not None:
            return self.names.resolve_in_class(declaration.scope, expression)
        return self.names.resolve(declaration.function, expression)

    def construct(self, plain: Declaration, value: Expr, depth: int = 0) -> Declaration | None:
        """The declaration that `value` makes of an attribute; None where it is none of SQLAlchemy's constructs.

        Followed are a variable that holds the construct, a function of the program that returns one, and `partial(mapped_column, …)`.
        """
        if depth > 2:
            return None
        if isinstance(value, ops.Name | ops.Attribute):
            return self._through_variable(plain, value, depth)
        if not isinstance(value, ops.Call):
            return None
        symbol = self.resolve(plain, value.func)
        if isinstance(symbol, FunctionSymbol):
            return self._through_function(plain, symbol.id, depth)
        if isinstance(symbol, VariableSymbol):
            return self._through_partial(plain, value, symbol)
        name = symbol.name if isinstance(symbol, External) else ""
        if name == "dataclasses.field":
            return self._from_field(plain, value, depth)
        kind = KINDS.get(name) or ("column" if isinstance(symbol, ClassSymbol) and self._is_column_class(symbol) else "")
        return self._built(plain, value, kind, name) if kind else None

    def _is_column_class(self, symbol: ClassSymbol) -> bool:
        return self.hierarchy.inherits(symbol.id, COLUMNS)

    def _through_variable(self, plain: Declaration, value: Expr, depth: int) -> Declaration | None:
        symbol = self.resolve(plain, value)
        found = self.names.value_of(symbol) if isinstance(symbol, VariableSymbol) else None
        if found is None or not isinstance(found[1], ops.Call):
            return None
        return self.construct(replace(plain, function=found[0], scope=None), found[1], depth + 1)

    def _through_function(self, plain: Declaration, function: FunctionId, depth: int) -> Declaration | None:
        for statement in self.names.function(function).body:
            if isinstance(statement, ops.Return) and statement.value is not None:
                return self.construct(replace(plain, function=function, scope=None), statement.value, depth + 1)
        return None

    def _through_partial(self, plain: Declaration, call: ops.Call, variable: VariableSymbol) -> Declaration | None:
        found = self.names.value_of(variable)
        if found is None or not isinstance(found[1], ops.Call) or not found[1].args:
            return None
        maker = self.names.resolve(found[0], found[1].func)
        target = self.names.resolve(found[0], found[1].args[0])
        if maker != External("functools.partial") or not isinstance(target, External) or target.name not in KINDS:
            return None
        merged = ops.Call(call.at, call.func, (*found[1].args[1:], *call.args), (*call.keywords, *found[1].keywords))
        return self._built(plain, merged, KINDS[target.name], target.name)

    def _from_field(self, plain: Declaration, call: ops.Call, depth: int) -> Declaration | None:
        """`field(repr=False, metadata={"sa": relationship(…)})` of a dataclass that is mapped."""
        metadata = keyword(call, "metadata")
        if not isinstance(metadata, ops.DictDisplay) or not metadata.values:
            return None
        declared = self.construct(plain, metadata.values[0], depth + 1)
        shown = keyword(call, "repr")
        return replace(declared, options=(*declared.options, ("repr", shown))) if declared is not None and shown is not None else declared

    def _built(self, plain: Declaration, call: ops.Call, kind: str, callee: str) -> Declaration:
        built = replace(plain, kind=kind, call=call, callee=callee)
        if callee == "sqlmodel.Relationship":
            return self._from_sqlmodel(built, call)
        if kind in ("hybrid", "property") and call.args:
            getter = self._function_of(built, call.args[0])
            return replace(built, body=getter)
        if kind == "deferred" and call.args and isinstance(call.args[0], ops.Call):
            inner = call.args[0]
            merged = ops.Call(call.at, call.func, inner.args, (*call.keywords, *inner.keywords))
            return replace(built, call=merged)
        return built

    def _from_sqlmodel(self, built: Declaration, call: ops.Call) -> Declaration:
        whole = keyword(call, "sa_relationship")
        if isinstance(whole, ops.Call):
            return replace(built, call=whole, callee="sqlalchemy.orm.relationship")
        further = keyword(call, "sa_relationship_kwargs")
        if isinstance(further, ops.DictDisplay):
            pairs = zip(further.keys, further.values, strict=True)
            return replace(built, options=tuple((text(key), value) for key, value in pairs if text(key)))
        if isinstance(further, ops.Call):
            return replace(built, options=tuple((item.name, item.value) for item in further.keywords if item.name))
        return built

    def _function_of(self, declaration: Declaration, expression: Expr) -> FunctionId | None:
        if isinstance(expression, ops.Lambda):
            return FunctionId(declaration.function.file, expression.function)
        if isinstance(expression, ops.Name) and declaration.scope is not None:
            functions = self.names.class_table(declaration.scope).functions
            if expression.id in functions:
                return FunctionId(declaration.scope.file, functions[expression.id][-1])
        symbol = self.resolve(declaration, expression)
        return symbol.id if isinstance(symbol, FunctionSymbol) else None

    # -- methods --------------------------------------------------------------------------------------------------

    def _method(self, id: ClassId, name: str) -> Declaration | None:
        function = FunctionId(id.file, self.names.getter(id, name))
        facts = self.names.function(function)
        plain = Declaration(name, "method", id, Location(id.file, facts.at), function, None, body=function)
        for decorator in facts.decorators:
            target = decorator.func if isinstance(decorator, ops.Call) else decorator
            symbol = self.names.resolve_in_class(id, target)
            label = symbol.name if isinstance(symbol, External) else ""
            if label in DECLARED_ATTRS:
                return self._declared_attr(plain)
            if label in HYBRIDS:
                return replace(plain, kind="hybrid")
            if label == "builtins.property" or _last_name(target).endswith("property"):
                return replace(plain, kind="property")
        return None if name.startswith("__") and name.endswith("__") else plain

    def _declared_attr(self, plain: Declaration) -> Declaration | None:
        """The construct that a `@declared_attr` function returns."""
        if plain.name.startswith("__"):
            return None
        facts = self.names.function(plain.function)
        plain = replace(plain, body=None, meaning=self.annotations.meaning(plain.function, facts.returns))
        for node in nodes(*facts.body):
            if isinstance(node, ops.Return) and node.value is not None:
                declared = self.construct(plain, node.value)
                if declared is not None:
                    return declared
        return replace(plain, kind="column") if plain.meaning.wrapper else None


def _is_class_variable(annotation: Expr | None) -> bool:
    value = annotation.value if isinstance(annotation, ops.Subscript) else annotation
    return _last_name(value) == "ClassVar"


def _last_name(expression: Expr | None) -> str:
    if isinstance(expression, ops.Attribute):
        return expression.name
    return expression.id if isinstance(expression, ops.Name) else ""
