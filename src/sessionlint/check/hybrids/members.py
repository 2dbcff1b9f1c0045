"""What `self.name` is when `self` is the class. Entry points: `member`, `has_class_level`."""

from __future__ import annotations

from sessionlint.check.hybrids.things import DICT, UNKNOWN, Thing
from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.knowledge.sqlalchemy.hybrids import CLASS_LEVEL
from sessionlint.link import ClassId, MappedAttribute, Model, Program
from sessionlint.link.symbols import FunctionId

_KINDS = {"column": "column", "deferred": "column", "relationship": "relationship", "association_proxy": "proxy", "hybrid": "hybrid"}
_PROPERTIES = frozenset({"builtins.property", "functools.cached_property"})
_EXPRESSION_ARGUMENT = 3
"""`hybrid_property(fget, fset, fdel, expr, custom_comparator)`."""


def member(program: Program, model: Model, name: str) -> Thing:
    """The attribute `name` of a mapped class, read on the class."""
    attribute = model.attributes.get(name)
    if attribute is None:
        declared = program.class_attribute(model.id, name)
        return DICT if declared is not None and isinstance(declared[1], ops.DictDisplay) else UNKNOWN
    if attribute.kind in _KINDS:
        return Thing(_KINDS[attribute.kind], name)
    if attribute.function is None:
        return UNKNOWN
    if attribute.kind == "method" and not program.function(attribute.function).decorators:
        return Thing("method", name)
    if attribute.kind == "property" and program.decorator_names(attribute.function) & _PROPERTIES:
        return Thing("property", name)
    return UNKNOWN


def has_class_level(program: Program, hybrid: MappedAttribute) -> bool:
    """Whether the hybrid has an `.expression` or a `.comparator`, or was given one where it was made."""
    function = hybrid.function
    if function is None:
        return True
    declared = program.class_attribute(hybrid.owner, hybrid.name)
    given = declared[1] if declared is not None else None
    if isinstance(given, ops.Call):
        named = {item.name for item in given.keywords}
        return len(given.args) > _EXPRESSION_ARGUMENT or not named.isdisjoint({"expr", "custom_comparator", None})
    names = {hybrid.name, program.function(function).name}
    return any(_is_class_level(expression, names) for expression in _around(program, hybrid.owner))


def _around(program: Program, owner: ClassId) -> list[ops.Expr]:
    """The decorators of the methods of a class, and what its body assigns."""
    functions = program.files[owner.file].facts.functions
    methods = [each for index, each in enumerate(functions) if program.owner_of(FunctionId(owner.file, index)) == owner]
    found = [decorator for each in methods for decorator in each.decorators]
    found += [each.value for each in statements(program.class_(owner).body) if isinstance(each, ops.Assign) and each.value is not None]
    return [each.func if isinstance(each, ops.Call) else each for each in found]


def _is_class_level(expression: ops.Expr, names: set[str]) -> bool:
    """`name.expression`, `name.inplace.comparator`."""
    if not (isinstance(expression, ops.Attribute) and expression.name in CLASS_LEVEL):
        return False
    inner = expression.value
    if isinstance(inner, ops.Attribute) and inner.name in ("inplace", "overrides"):
        inner = inner.value
    return isinstance(inner, ops.Name) and inner.id in names
