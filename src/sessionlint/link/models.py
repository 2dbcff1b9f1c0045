"""The model registry as data: mapped classes, their attributes and how each is loaded."""

from __future__ import annotations

import msgspec

from sessionlint.link.symbols import ClassId, FunctionId
from sessionlint.source import Location


class MappedAttribute(msgspec.Struct, frozen=True, gc=False):
    """An attribute of a mapped class, inherited ones and those that a `backref` adds included.

    `kind` is `column`, `deferred` (a column under `deferred()` or `deferred=True`), `column_property`, `relationship`,
    `synonym`, `composite`, `association_proxy`, `hybrid`, `property` (also `cached_property`) or `method`.
    `lazy` is the relationship's strategy in SQLAlchemy's words (`select`, `joined`, `selectin`, `subquery`, `immediate`, `noload`, `raise`,
    `raise_on_sql`, `dynamic`, `write_only`; `True`/None are `select`, `False` is `joined`).
    `target` is the class at the other end, None where it is not part of the program; `uselist` whether it is a collection.
    `proxy` is `(relationship, attribute)` of an association proxy, or `(attribute, "")` of a synonym.
    `is_generated` marks columns that a flush leaves expired (`server_default`, `server_onupdate`, SQL expressions as `default`/`onupdate`);
    `is_generated_on_update` those among them that an UPDATE does too (`server_onupdate`, `onupdate`, `Computed`). SQLAlchemy 2
    fetches what an INSERT generates at once where the database has RETURNING (`eager_defaults="auto"`).
    `deferred_group` is the group that a deferred column is loaded with.
    `owner` is the class whose body declares it (the other class for a backref); `function` the body of a property, hybrid or method.
    """

    name: str
    kind: str
    at: Location
    owner: ClassId
    lazy: str = ""
    target: ClassId | None = None
    uselist: bool = False
    join_depth: int | None = None
    is_primary_key: bool = False
    is_generated: bool = False
    is_viewonly: bool = False
    in_repr: bool = True
    deferred_raiseload: bool = False
    backref_of: str = ""
    proxy: tuple[str, str] | None = None
    function: FunctionId | None = None
    is_generated_on_update: bool = False
    back_populates: str = ""
    deferred_group: str = ""


class Model(msgspec.Struct, frozen=True, gc=False):
    """A mapped class (or an abstract base or mixin of such: then `is_mapped` is false).

    `attributes` hold inherited ones too, the nearest in the MRO winning; `parents`/`children` are mapped classes only, nearest first;
    `repr_function`/`str_function` are what `repr()`/`str()` run, None where SQLAlchemy's or Python's own is used;
    `generates_repr` that a dataclass writes the `__repr__` of this very class, with all fields, inherited ones too.
    """

    id: ClassId
    name: str
    attributes: dict[str, MappedAttribute]
    parents: tuple[ClassId, ...]
    children: tuple[ClassId, ...]
    is_mapped: bool
    is_dataclass: bool = False
    is_async_attrs: bool = False
    table: str = ""
    repr_function: FunctionId | None = None
    str_function: FunctionId | None = None
    generates_repr: bool = False
