"""SQLAlchemy itself says what a program's models are; the registry has to say the same of the same source."""

# ruff: noqa: E501 -- one program a line
from __future__ import annotations

import sys
import textwrap
import types
import warnings

import pytest
from sqlalchemy.orm import configure_mappers
from sqlalchemy.orm.mapper import _all_registries

MODERN = """
from __future__ import annotations
from typing import Annotated, ClassVar, List, Optional
from sqlalchemy import Column, FetchedValue, ForeignKey, Integer, String, Table, func, text
from sqlalchemy.orm import (DeclarativeBase, DynamicMapped, Mapped, MappedAsDataclass, WriteOnlyMapped, aliased, backref, column_property, composite,
    declared_attr, deferred, mapped_column, query_expression, registry, relationship, synonym)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.ext.associationproxy import association_proxy
class Base(DeclarativeBase): ...
"""

CLASSIC = """
from sqlalchemy import Column, ForeignKey, Integer, String, Table, create_engine
from sqlalchemy.orm import backref, declarative_base, deferred, column_property, relationship, registry, synonym, dynamic_loader
Base = declarative_base()
"""

SOURCES = {
    "annotated relationships": MODERN
    + """
class Parent(Base):
    __tablename__ = "parent"
    id: Mapped[int] = mapped_column(primary_key=True)
    children: Mapped[list["Child"]] = relationship(back_populates="parent", lazy="selectin")
    sons: Mapped[List[Child]] = relationship(viewonly=True)
    first: Mapped[Optional["Child"]] = relationship(viewonly=True, uselist=False)
    log: DynamicMapped["Child"] = relationship(viewonly=True)
    bulk: WriteOnlyMapped["Child"] = relationship(viewonly=True)
class Child(Base):
    __tablename__ = "child"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("parent.id"))
    parent: Mapped["Parent | None"] = relationship(back_populates="children", lazy="joined")
    owner = relationship(lambda: Parent, viewonly=True)
    again = relationship("Parent", viewonly=True, lazy=False)
""",
    "columns of every kind": MODERN
    + """
intpk = Annotated[int, mapped_column(primary_key=True)]
class Item(Base):
    __tablename__ = "item"
    constant: ClassVar[int] = 3
    id: Mapped[intpk]
    name: Mapped[str]
    body: Mapped[str] = mapped_column(deferred=True)
    blob: Mapped[str] = deferred(mapped_column(String))
    group: Mapped[str] = mapped_column(deferred_group="x")
    strict: Mapped[str] = mapped_column(deferred_raiseload=True)
    upper: Mapped[str] = column_property(func.upper("x"))
    later: Mapped[str] = column_property(func.lower("x"), deferred=True)
    extra: Mapped[str] = query_expression()
    title = synonym("name")
    @hybrid_property
    def size(self): return 1
    @property
    def plain(self): return 2
    def method(self): return 3
""",
    "mixins and abstract bases": MODERN
    + """
class Stamped:
    created: Mapped[int] = mapped_column(default=1)
    @declared_attr
    def owner_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("owner.id"))
    @declared_attr
    def owner(cls) -> Mapped["Owner"]:
        return relationship("Owner", lazy="selectin")
class Abstract(Base):
    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True)
class Owner(Abstract):
    __tablename__ = "owner"
class Thing(Stamped, Abstract):
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower()
class Other(Stamped, Abstract):
    __tablename__ = "other"
    name: Mapped[str]
""",
    "inheritance": MODERN
    + """
class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    boss: Mapped["Person | None"] = relationship(remote_side=[id], back_populates="staff", join_depth=2)
    staff: Mapped[list["Person"]] = relationship(back_populates="boss")
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "person"}
class Manager(Person):
    level: Mapped[int | None]
    __mapper_args__ = {"polymorphic_identity": "manager"}
class Engineer(Person):
    __tablename__ = "engineer"
    id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    tool: Mapped[str] = mapped_column(deferred=True)
    __mapper_args__ = {"polymorphic_identity": "engineer"}
class Chief(Manager):
    __mapper_args__ = {"polymorphic_identity": "chief"}
""",
    "classic style decides by foreign keys": CLASSIC
    + """
links = Table("links", Base.metadata, Column("a", ForeignKey("post.id"), primary_key=True), Column("b", ForeignKey("tag.id"), primary_key=True))
class User(Base):
    __tablename__ = "user"
    id = Column(Integer, primary_key=True)
    posts = relationship("Post", backref="author", lazy="dynamic")
    profile = relationship("Profile", uselist=False, backref=backref("user", lazy="joined"))
class Profile(Base):
    __tablename__ = "profile"
    id = Column(Integer, primary_key=True)
    user_id = Column(Integer, ForeignKey("user.id"))
    bio = deferred(Column(String), group="texts")
class Post(Base):
    __tablename__ = "post"
    id = Column(Integer, primary_key=True)
    author_id = Column(Integer, ForeignKey(User.id))
    parent_id = Column(Integer, ForeignKey("post.id"))
    tags = relationship("Tag", secondary=links, backref=backref("posts", lazy="subquery"))
    replies = relationship("Post", backref=backref("parent", remote_side=[id]))
class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)
""",
    "many to one with a backref": CLASSIC
    + """
class Team(Base):
    __tablename__ = "team"
    id = Column(Integer, primary_key=True)
class Player(Base):
    __tablename__ = "player"
    id = Column(Integer, primary_key=True)
    team_id = Column(ForeignKey("team.id"))
    captain_id = Column(ForeignKey("player.id"))
    team = relationship(Team, backref="players")
    captain = relationship("Player", remote_side="Player.id", backref="led")
    rival = relationship("Team", lazy="raise", viewonly=True)
""",
    "options that are not written as literals": CLASSIC
    + """
import enum
from functools import partial
EAGER = "selectin"
class Loading(str, enum.Enum):
    RAISE = "raise_on_sql"
required = partial(Column, nullable=False)
def key():
    return Column(Integer, primary_key=True)
class Node(Base):
    __tablename__ = "node"
    id = key()
    name = required(String)
    up_id = Column(ForeignKey("node.id"))
    up = relationship("Node", remote_side=[id], lazy=EAGER, backref=backref("down", lazy=EAGER))
    strict = relationship("Node", remote_side=[id], lazy=Loading.RAISE.value, viewonly=True)
""",
    "a table of its own": CLASSIC
    + """
class Account(Base):
    __table__ = Table("account", Base.metadata, Column("id", Integer, primary_key=True), Column("owner", String, key="holder"))
    holder_name = synonym("holder")
entry = Table("entry", Base.metadata, Column("id", Integer, primary_key=True), Column("account_id", ForeignKey("account.id")))
class Entry(Base):
    __table__ = entry
    account = relationship(Account, lazy="immediate")
""",
    "imperative": CLASSIC
    + """
reg = registry()
user_table = Table("user", reg.metadata, Column("id", Integer, primary_key=True), Column("name", String))
address_table = Table("address", reg.metadata, Column("id", Integer, primary_key=True), Column("user_id", ForeignKey("user.id")))
class User: ...
class Address: ...
reg.map_imperatively(User, user_table, properties={"addresses": relationship(Address, backref="user", lazy="joined")})
reg.map_imperatively(Address, address_table)
""",
    "decorated and generated bases": MODERN
    + """
reg = registry()
@reg.mapped
class One:
    __tablename__ = "one"
    id: Mapped[int] = mapped_column(primary_key=True)
@reg.mapped_as_dataclass(kw_only=True)
class Two:
    __tablename__ = "two"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    one_id: Mapped[int] = mapped_column(ForeignKey("one.id"), default=1)
    one: Mapped["One"] = relationship(default=None, repr=False)
Generated = registry().generate_base()
class Three(Generated):
    __tablename__ = "three"
    id = Column(Integer, primary_key=True)
class Data(MappedAsDataclass, DeclarativeBase): ...
class Four(Data):
    __tablename__ = "four"
    id: Mapped[int] = mapped_column(primary_key=True)
""",
    "added after the class": CLASSIC
    + """
class Customer(Base):
    __tablename__ = "customer"
    id = Column(Integer, primary_key=True)
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    customer_id = Column(ForeignKey(Customer.id))
Customer.orders = relationship(Order, back_populates="customer")
Order.customer = relationship(Customer, back_populates="orders", lazy="select")
Customer.nickname = deferred(Column(String))
""",
    "proxies": MODERN
    + """
class Company(Base):
    __tablename__ = "company"
    id: Mapped[int] = mapped_column(primary_key=True)
    offices: Mapped[set["Office"]] = relationship()
    cities = association_proxy("offices", "city")
class Office(Base):
    __tablename__ = "office"
    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    city: Mapped[str]
""",
    "sqlmodel": """
from typing import List, Optional
from sqlmodel import Field, Relationship, SQLModel
from sqlalchemy.orm import relationship
class HeroBase(SQLModel):
    name: str = Field(index=True)
    age: Optional[int] = None
class Hero(HeroBase, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    team_id: Optional[int] = Field(default=None, foreign_key="team.id")
    team: Optional["Team"] = Relationship(back_populates="heroes")
class HeroPublic(HeroBase):
    id: int
class Team(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    heroes: List["Hero"] = Relationship(back_populates="team", sa_relationship_kwargs={"lazy": "selectin"})
    other: List["Hero"] = Relationship(sa_relationship=relationship("Hero", lazy="raise", viewonly=True))
""",
    "flask-sqlalchemy": """
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()
class BlogPost(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    author_id = db.Column(db.ForeignKey("writer.id"))
    secret = db.deferred(db.Column(db.String))
class Writer(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    posts = db.relationship("BlogPost", backref=db.backref("author", lazy="joined"), lazy=True)
""",
    "two bases with classes of one name": MODERN
    + """
class Shop(DeclarativeBase): ...
class Library:
    class Book(Base):
        __tablename__ = "book"
        id: Mapped[int] = mapped_column(primary_key=True)
        pages: Mapped[list["Page"]] = relationship()
    class Page(Base):
        __tablename__ = "page"
        id: Mapped[int] = mapped_column(primary_key=True)
        book_id: Mapped[int] = mapped_column(ForeignKey("book.id"))
class Store:
    class Page(Shop):
        __tablename__ = "page"
        id: Mapped[int] = mapped_column(primary_key=True)
""",
}


LAZY = {True: "select", None: "noload", False: "joined"}


def truth(source: str) -> dict[str, object]:
    """What SQLAlchemy's mappers say after running `source`."""
    module = types.ModuleType("truth_of_registry")
    sys.modules[module.__name__] = module
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(textwrap.dedent(source), "truth_of_registry", "exec", dont_inherit=True), module.__dict__)
            configure_mappers()
        mappers = [mapper for registry in _all_registries() for mapper in registry.mappers]
        return {mapper.class_.__qualname__: _described(mapper) for mapper in mappers if mapper.class_.__module__ == module.__name__}
    finally:
        del sys.modules[module.__name__]
        from sqlalchemy.orm import clear_mappers

        clear_mappers()
        if "sqlmodel" in sys.modules:
            sys.modules["sqlmodel"].SQLModel.metadata.clear()


def _described(mapper) -> dict[str, object]:
    return {
        "table": getattr(mapper.local_table, "name", ""),
        "parents": [above.class_.__qualname__ for above in mapper.iterate_to_root()][1:],
        "relationships": {
            relation.key: (
                LAZY.get(relation.lazy, relation.lazy),
                bool(relation.uselist),
                relation.mapper.class_.__qualname__,
                relation.join_depth,
                relation.viewonly,
            )
            for relation in mapper.relationships
        },
        "columns": {
            attribute.key: ("deferred" if attribute.deferred else "loaded", bool(getattr(attribute.columns[0], "primary_key", False)))
            for attribute in mapper.column_attrs
        },
        "synonyms": {attribute.key: attribute.name for attribute in mapper.synonyms},
        "proxies": sorted(key for key, found in mapper.all_orm_descriptors.items() if "AssociationProxy" in type(found).__name__),
        "hybrids": sorted(key for key, found in mapper.all_orm_descriptors.items() if "hybrid_property" in type(found).__name__),
    }


def registry_of(linked) -> dict[str, object]:
    """The registry in the same words."""
    program = linked.program
    name = lambda id: program.class_(id).qualname if id is not None else None  # noqa: E731
    found = {}
    for model in program.models.values():
        if not model.is_mapped:
            continue
        by_kind: dict[str, list] = {}
        for attribute in model.attributes.values():
            by_kind.setdefault(attribute.kind, []).append(attribute)
        columns = [each for kind in ("column", "deferred", "column_property") for each in by_kind.get(kind, [])]
        found[name(model.id)] = {
            "table": model.table,
            "parents": [name(parent) for parent in model.parents],
            "relationships": {
                each.name: (each.lazy, each.uselist, name(each.target), each.join_depth, each.is_viewonly)
                for each in by_kind.get("relationship", [])
            },
            "columns": {each.name: ("deferred" if each.kind == "deferred" else "loaded", each.is_primary_key) for each in columns},
            "synonyms": {each.name: each.proxy[0] for each in by_kind.get("synonym", [])},
            "proxies": sorted(each.name for each in by_kind.get("association_proxy", [])),
            "hybrids": sorted(each.name for each in by_kind.get("hybrid", [])),
        }
    return found


@pytest.mark.parametrize("situation", SOURCES)
def test_registry_agrees_with_sqlalchemy(build, situation):
    if situation == "sqlmodel":
        pytest.importorskip("sqlmodel")
    expected = truth(SOURCES[situation])
    assert expected, "the source maps nothing"
    assert registry_of(build(SOURCES[situation])) == expected
