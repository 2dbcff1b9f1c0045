"""What a relationship's declaration says: its target, its strategy, whether it is a collection, its other side. Entry point:
`Relationships`."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.words import words
from sessionlint.link.models import MappedAttribute
from sessionlint.link.names.annotations import AnnotationMeaning
from sessionlint.link.names.walk import argument, keyword, literal, nodes, text
from sessionlint.link.registry.declarations import Declaration, Declarations
from sessionlint.link.registry.strings import ClassNames
from sessionlint.link.symbols import ClassId, ClassSymbol, FunctionId, VariableSymbol

_STRATEGIES = words(
    """
    select joined selectin subquery immediate noload raise raise_on_sql dynamic write_only
    """
)
_OTHER_SPELLINGS: dict[object, str] = {
    True: "select",
    False: "joined",
    None: "noload",
    "True": "select",
    "False": "joined",
    "None": "noload",
}
_BY_WRAPPER = {"sqlalchemy.orm.DynamicMapped": "dynamic", "sqlalchemy.orm.WriteOnlyMapped": "write_only"}
_COLLECTIONS = frozenset({"list", "set", "dict", "tuple"})


@dataclass(frozen=True, slots=True)
class Backref:
    """A relationship that another one puts on its target."""

    target: ClassId
    attribute: MappedAttribute


class Relationships:
    """Reads relationship declarations; `tables` maps a table's name to the classes mapped to it."""

    def __init__(self, declarations: Declarations, class_names: ClassNames) -> None:
        self._declarations = declarations
        self._names = declarations.names
        self._class_names = class_names

    def attribute(self, id: ClassId, declared: Declaration) -> MappedAttribute:
        """The relationship as an attribute of `id`, which is the declaring class or inherits from it."""
        target = self.target(id, declared)
        return MappedAttribute(
            name=declared.name,
            kind="relationship",
            at=declared.at,
            owner=declared.owner,
            lazy=self._lazy(declared),
            target=target,
            uselist=self._uselist(id, declared, target),
            join_depth=_number(declared.option("join_depth")),
            is_viewonly=literal(declared.option("viewonly")) is True,
            in_repr=literal(declared.option("repr")) is not False,
            back_populates=self._constant(declared, declared.option("back_populates")),
        )

    def backref(self, id: ClassId, declared: Declaration, forward: MappedAttribute) -> Backref | None:
        """The relationship that `backref=` puts on the target."""
        given = declared.option("backref")
        options: ops.Call | None = None
        if isinstance(given, ops.Call):
            options, given = given, argument(given, 0, "name")
        name = self._constant(declared, given) or self._class_names.text_for(id, given)
        if not name or forward.target is None:
            return None
        uselist = literal(keyword(options, "uselist")) if options is not None else None
        attribute = MappedAttribute(
            name=name,
            kind="relationship",
            at=declared.at,
            owner=id,
            lazy=self._strategy(declared, keyword(options, "lazy") if options is not None else None),
            target=id,
            uselist=uselist if isinstance(uselist, bool) else self._is_many_from(id, declared, forward),
            join_depth=_number(keyword(options, "join_depth")) if options is not None else None,
            is_viewonly=forward.is_viewonly or (options is not None and literal(keyword(options, "viewonly")) is True),
            backref_of=declared.name,
            back_populates=declared.name,
        )
        return Backref(forward.target, attribute)

    # -- the target -----------------------------------------------------------------------------------------------

    def target(self, id: ClassId, declared: Declaration) -> ClassId | None:
        """The class at the other end."""
        given = argument(declared.call, 0, "argument") if declared.call is not None and declared.callee != "sqlmodel.Relationship" else None
        if given is not None and not (isinstance(given, ops.Constant) and given.value is None):
            found = self._class_of(id, declared, given)
            if found is not None:
                return found
        return self._from_meaning(id, declared, declared.meaning)

    def _class_of(self, id: ClassId, declared: Declaration, given: Expr) -> ClassId | None:
        if isinstance(given, ops.Lambda):
            function = FunctionId(declared.function.file, given.function)
            for node in nodes(*self._names.function(function).body):
                if isinstance(node, ops.Return) and node.value is not None:
                    return self._class_of(id, declared, node.value)
            return None
        written = self._constant(declared, given)
        if written:
            return self._class_names.find(written, id, declared)
        if isinstance(given, ops.Call):  # `aliased(Child)`, `with_polymorphic(Child, …)`, `declared_attr` helpers
            return self._class_of(id, declared, given.args[0]) if given.args else None
        symbol = self._declarations.resolve(declared, given)
        if isinstance(symbol, ClassSymbol):
            return symbol.id
        name = given.id if isinstance(given, ops.Name) else given.name if isinstance(given, ops.Attribute) else ""
        if (symbol is None and name == "__class__") or name in ("cls", "self"):
            return id
        return self._class_names.find(name, id, declared) if symbol is None and name else None

    def _from_meaning(self, id: ClassId, declared: Declaration, meaning: AnnotationMeaning) -> ClassId | None:
        inner = meaning.element if meaning.container in _COLLECTIONS else meaning
        if inner is None:
            return None
        if isinstance(inner.symbol, ClassSymbol):
            return inner.symbol.id
        assigned = self._names.class_table(declared.owner).assigned.get(declared.name)
        name = _innermost_name(assigned.annotation) if assigned is not None else ""
        return self._class_names.find(name, id, declared) if name and inner.symbol is None else None

    # -- options --------------------------------------------------------------------------------------------------

    def _lazy(self, declared: Declaration) -> str:
        if declared.callee.endswith("dynamic_loader"):
            return "dynamic"
        given = declared.option("lazy")
        if given is None and declared.meaning.wrapper in _BY_WRAPPER:
            return _BY_WRAPPER[declared.meaning.wrapper]
        return self._strategy(declared, given)

    def _strategy(self, declared: Declaration, given: Expr | None) -> str:
        if given is None:
            return "select"
        value = self._value(declared, given)
        if isinstance(value, str) and value in _STRATEGIES:
            return value
        return _OTHER_SPELLINGS.get(value, "select") if isinstance(value, bool | str | None) else "select"

    def _constant(self, declared: Declaration, given: Expr | None) -> str:
        value = self._value(declared, given) if given is not None else None
        return value if isinstance(value, str) else ""

    def _value(self, declared: Declaration, given: Expr) -> object:
        """The value of a constant, of a variable that holds one, or of a member of an enumeration."""
        if isinstance(given, ops.Constant):
            return given.value
        symbol = self._declarations.resolve(declared, given)
        if isinstance(symbol, VariableSymbol):
            found = self._names.value_of(symbol)
            return literal(found[1]) if found is not None else ...
        if isinstance(given, ops.Attribute):
            inner = given.value if given.name == "value" and isinstance(given.value, ops.Attribute) else given
            owner = self._declarations.resolve(declared, inner.value)
            if isinstance(owner, ClassSymbol):
                found_in = self._declarations.hierarchy.class_attribute(owner.id, inner.name)
                return literal(found_in[1]) if found_in is not None else ...
        return ...

    # -- collections ----------------------------------------------------------------------------------------------

    def _uselist(self, id: ClassId, declared: Declaration, target: ClassId | None) -> bool:
        given = literal(declared.option("uselist"))
        if isinstance(given, bool):
            return given
        meaning = declared.meaning
        if meaning.container in _COLLECTIONS or meaning.wrapper in _BY_WRAPPER:
            return True
        if meaning.symbol is not None or meaning.alternatives or meaning.is_optional:
            return False
        if meaning.wrapper or (declared.callee == "sqlmodel.Relationship" and not declared.option("secondary")):
            return False
        return self._is_many(id, declared, target)

    def _is_many(self, id: ClassId, declared: Declaration, target: ClassId | None) -> bool:
        """Without annotation SQLAlchemy decides by the foreign keys: a class that refers to the target has one of it.

        https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html
        """
        if declared.option("secondary") is not None:
            return True
        if declared.option("remote_side") is not None:
            return target is None or target != id
        if target is None:
            return True
        if target != id and (holder := self._class_names.holder_of_keys(id, target, declared)) is not None:
            return holder == target
        return target == id or not self._class_names.refers(id, target)

    def _is_many_from(self, id: ClassId, declared: Declaration, forward: MappedAttribute) -> bool:
        """Whether the other side of a relationship is a collection: not of a one-to-many."""
        if declared.option("secondary") is not None:
            return True
        if forward.target == id:
            return declared.option("remote_side") is not None
        if forward.uselist or forward.target is None:
            return False
        return self._class_names.refers(id, forward.target)


def _number(given: Expr | None) -> int | None:
    value = literal(given)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _innermost_name(annotation: Expr | None) -> str:
    """The class's name in an annotation that could not be resolved: the last word of `Mapped["list[Child]"]`."""
    while isinstance(annotation, ops.Subscript):
        annotation = annotation.index
    if isinstance(annotation, ops.Other):
        annotation = next((part for part in annotation.parts if not (isinstance(part, ops.Constant) and part.value is None)), None)
        return _innermost_name(annotation)
    if isinstance(annotation, ops.Name):
        return annotation.id
    words = [
        word for word in text(annotation).replace("]", "").replace("[", " ").replace("|", " ").split() if word not in ("None", "Optional")
    ]
    return words[-1] if words else ""
