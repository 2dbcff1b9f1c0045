"""Which of SQLAlchemy's many public and private paths name the same construct, and what the constructs are."""

from __future__ import annotations

from sessionlint.knowledge.sqlalchemy.sessions import SCOPED
from sessionlint.knowledge.words import words

_ORM_MODULES = words(
    """
    session query decl_api decl_base relationships strategy_options strategies scoping interfaces properties descriptor_props
    dynamic writeonly base context util identity state loading instrumentation mapped_collection _orm_constructors _typing
    clsregistry
    """
)
_ASYNC_MODULES = words("session engine scoping result base exc")
_CORE_MODULES = words("sql schema types engine inspection future")
_SQL_MODULES = words(
    """
    selectable expression elements schema dml sqltypes ddl base operators type_api lambdas coercions _elements_constructors
    _selectable_constructors _dml_constructors
    """
)
_ENGINE_MODULES = words("base create result row url cursor default interfaces reflection")
_OWN_DECLARATIVE = frozenset({"AbstractConcreteBase", "ConcreteBase", "DeferredReflection"})
_MOVED_ERRORS = frozenset({"NoResultFound", "MultipleResultsFound"})
_OWN_SQLMODEL = frozenset({"SQLModel", "Field", "Relationship", "AutoString"})

ORM_NAMES = words(
    """
    Session sessionmaker scoped_session relationship backref deferred column_property synonym composite query_expression
    mapped_column joinedload selectinload subqueryload immediateload lazyload noload raiseload contains_eager defaultload
    load_only undefer undefer_group defer with_expression aliased with_polymorphic selectin_polymorphic object_session
    make_transient make_transient_to_detached validates reconstructor declared_attr Mapped DynamicMapped WriteOnlyMapped
    Query Bundle Load configure_mappers class_mapper column_mapped_collection attribute_mapped_collection foreign remote
    dynamic_loader registry declarative_base DeclarativeBase MappedAsDataclass
    """
)
"""Names that `sqlalchemy.orm` exports and that Flask-SQLAlchemy's and SQLModel's namespaces repeat."""

CORE_NAMES = words(
    """
    Column ForeignKey ForeignKeyConstraint Table MetaData Index UniqueConstraint CheckConstraint PrimaryKeyConstraint
    Sequence Computed Identity FetchedValue Integer BigInteger SmallInteger String Text Unicode UnicodeText Boolean Date
    DateTime Time Float Numeric LargeBinary JSON Enum Interval PickleType ARRAY Uuid select insert update delete text func
    and_ or_ not_ case cast desc asc exists literal literal_column union union_all create_engine inspect event Engine
    Connection Result Row
    """
)
"""Names that `sqlalchemy` exports, as far as they matter to a model or a query."""

STAR_NAMES = {
    "sqlalchemy": CORE_NAMES,
    "sqlalchemy.orm": ORM_NAMES,
    "sqlmodel": CORE_NAMES | {"SQLModel", "Field", "Relationship", "Session"},
    "typing": words(
        """
    Any Optional Union List Dict Set Tuple Sequence Iterable Iterator Generator Type Annotated ClassVar Final Callable
    """
    ),
}
"""What `from module import *` of a library brings."""

_OWN_FLASK_SQLALCHEMY = words(
    """
    session Model Query engine engines metadata metadatas create_all drop_all reflect init_app get_or_404 first_or_404
    one_or_404 paginate get_engine app get_app create_scoped_session make_declarative_base
    """
)

DECLARATIVE_CLASSES = frozenset({"sqlalchemy.orm.DeclarativeBase", "sqlalchemy.orm.DeclarativeBaseNoMeta"})
"""A class that names one of these among its bases is a declarative base itself."""

DECLARATIVE_FACTORIES = frozenset(
    {"sqlalchemy.orm.declarative_base", "sqlalchemy.orm.registry.generate_base", "sqlalchemy.ext.automap.automap_base"}
)
"""What they return is a declarative base."""

DECLARATIVE_DECORATORS = frozenset({"sqlalchemy.orm.as_declarative", "sqlalchemy.orm.registry.as_declarative_base"})
"""They make the decorated class a declarative base."""

MAPPING_DECORATORS = frozenset(
    {"sqlalchemy.orm.registry.mapped", "sqlalchemy.orm.registry.mapped_as_dataclass", "sqlalchemy.orm.mapped_as_dataclass"}
)
"""They map the decorated class."""

DATACLASS_DECORATORS = frozenset(
    {
        "sqlalchemy.orm.registry.mapped_as_dataclass",
        "sqlalchemy.orm.mapped_as_dataclass",
        "sqlalchemy.orm.unmapped_dataclass",
        "dataclasses.dataclass",
    }
)
"""They give the decorated class a generated `__repr__`."""

IMPERATIVE_MAPPERS = frozenset({"sqlalchemy.orm.registry.map_imperatively", "sqlalchemy.orm.mapper"})
"""Called with a class, a table and `properties`."""

FLASK_MODEL = "flask_sqlalchemy.SQLAlchemy.Model"
FLASK_SQLALCHEMY = "flask_sqlalchemy.SQLAlchemy"
SQLMODEL = "sqlmodel.SQLModel"
ASYNC_ATTRS = "sqlalchemy.ext.asyncio.AsyncAttrs"
MAPPED_AS_DATACLASS = "sqlalchemy.orm.MappedAsDataclass"

COLUMNS = frozenset({"sqlalchemy.Column", "sqlalchemy.orm.mapped_column", "sqlalchemy.orm.column", "sqlalchemy.orm.orm_insert_sentinel"})
RELATIONSHIPS = frozenset(
    {"sqlalchemy.orm.relationship", "sqlalchemy.orm.relation", "sqlmodel.Relationship", "sqlalchemy.orm.dynamic_loader"}
)
HYBRIDS = frozenset({"sqlalchemy.ext.hybrid.hybrid_property"})
DECLARED_ATTRS = frozenset(
    {
        "sqlalchemy.orm.declared_attr",
        "sqlalchemy.orm.declared_attr.directive",
        "sqlalchemy.orm.declared_attr.cascading",
    }
)
ASSOCIATION_PROXIES = frozenset({"sqlalchemy.ext.associationproxy.association_proxy", "sqlalchemy.ext.associationproxy.AssociationProxy"})
GENERATED_VALUES = frozenset({"sqlalchemy.Computed", "sqlalchemy.FetchedValue", "sqlalchemy.Identity", "sqlalchemy.DefaultClause"})
"""As an argument of a column they mean that the database makes the value."""

SCOPED_SESSIONS = SCOPED | {"flask_sqlalchemy.SQLAlchemy.session", "flask_sqlalchemy.SQLAlchemy.create_scoped_session"}
"""Registries of one session a thread, task or request, those of Flask-SQLAlchemy among them."""


def canonical_construct(name: str) -> str:
    """The canonical path of a name of SQLAlchemy, SQLModel or Flask-SQLAlchemy."""
    parts = name.split(".")
    if parts[0] == "sqlmodel":
        return _of_sqlmodel(parts)
    if parts[0] == "flask_sqlalchemy":
        return _of_flask_sqlalchemy(parts)
    if len(parts) < 3:
        return name
    if parts[1] == "orm":
        return _of_orm(parts)
    if parts[1] == "ext":
        return _of_extension(parts)
    if parts[1] in _CORE_MODULES:
        return _of_core(parts)
    return name


def _of_orm(parts: list[str]) -> str:
    rest = parts[2:]
    if len(rest) > 1 and (rest[0] in _ORM_MODULES or rest[0] == "mapper"):
        rest = rest[1:]
    if rest[0] == "exc" and len(rest) > 1 and rest[1] in _MOVED_ERRORS:
        return ".".join(["sqlalchemy", *rest])
    return ".".join(["sqlalchemy", "orm", *rest])


def _of_extension(parts: list[str]) -> str:
    if len(parts) < 4:
        return ".".join(parts)
    if parts[2] == "asyncio":
        rest = parts[4:] if parts[3] in _ASYNC_MODULES and len(parts) > 4 else parts[3:]
        return ".".join(["sqlalchemy", "ext", "asyncio", *rest])
    if parts[2] == "declarative":
        rest = parts[4:] if parts[3] in ("api", "base", "extensions") and len(parts) > 4 else parts[3:]
        home = ["ext", "declarative"] if rest[0] in _OWN_DECLARATIVE else ["orm"]
        return ".".join(["sqlalchemy", *home, *rest])
    return ".".join(parts)


def _of_core(parts: list[str]) -> str:
    module, rest = parts[1], parts[2:]
    if module == "future":
        rest = rest[1:] if rest[0] in ("engine", "orm") and len(rest) > 1 else rest
        return ".".join(["sqlalchemy", *(["orm"] if rest[0] in ORM_NAMES else []), *rest])
    if module == "sql" and len(rest) > 1 and rest[0] == "functions":
        return ".".join(["sqlalchemy", *([] if rest[1] == "func" else ["func"]), *rest[1:]])
    inner = _SQL_MODULES if module == "sql" else _ENGINE_MODULES if module == "engine" else frozenset()
    if len(rest) > 1 and rest[0] in inner:
        rest = rest[1:]
    return ".".join(["sqlalchemy", *rest])


def _of_sqlmodel(parts: list[str]) -> str:
    rest = parts[1:]
    if rest[:2] == ["ext", "asyncio"]:
        rest = rest[3:] if len(rest) > 3 and rest[2] == "session" else rest[2:]
        return ".".join(["sqlalchemy", "ext", "asyncio", *rest])
    for inner in (["main"], ["orm", "session"], ["orm"], ["sql", "expression"], ["sql", "_expression_select_gen"], ["sql"]):
        if rest[: len(inner)] == inner and len(rest) > len(inner):
            rest = rest[len(inner) :]
            break
    if not rest or rest[0] in _OWN_SQLMODEL:
        return ".".join(["sqlmodel", *rest])
    return ".".join(["sqlalchemy", *(["orm"] if rest[0] in ORM_NAMES else []), *rest])


def _of_flask_sqlalchemy(parts: list[str]) -> str:
    rest = parts[1:]
    if len(rest) > 1 and rest[0] in ("extension", "model", "query", "session"):
        rest = rest[1:]
    if len(rest) < 2 or rest[0] != "SQLAlchemy" or rest[1] in _OWN_FLASK_SQLALCHEMY:
        return ".".join(["flask_sqlalchemy", *rest])
    if rest[1] == "orm" or rest[1] not in ORM_NAMES:
        return canonical_construct(".".join(["sqlalchemy", *rest[1:]]))
    return ".".join(["sqlalchemy", "orm", *rest[1:]])
