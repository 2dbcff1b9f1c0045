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
    "every lazy value": CLASSIC
    + """
class Parent(Base):
    __tablename__ = "parent"
    id = Column(Integer, primary_key=True)
    none = relationship("Child", viewonly=True, lazy=None)
    true = relationship("Child", viewonly=True, lazy=True)
    false = relationship("Child", viewonly=True, lazy=False)
    select = relationship("Child", viewonly=True, lazy="select")
    immediate = relationship("Child", viewonly=True, lazy="immediate")
    joined = relationship("Child", viewonly=True, lazy="joined")
    subquery = relationship("Child", viewonly=True, lazy="subquery")
    selectin = relationship("Child", viewonly=True, lazy="selectin")
    noload = relationship("Child", viewonly=True, lazy="noload")
    refused = relationship("Child", viewonly=True, lazy="raise")
    refused_sql = relationship("Child", viewonly=True, lazy="raise_on_sql")
    query = relationship("Child", viewonly=True, lazy="dynamic")
    write = relationship("Child", viewonly=True, lazy="write_only")
    old_query = dynamic_loader("Child", viewonly=True)
class Child(Base):
    __tablename__ = "child"
    id = Column(Integer, primary_key=True)
    parent_id = Column(ForeignKey("parent.id"))
""",
    "concrete inheritance": MODERN
    + """
class Vehicle(Base):
    __tablename__ = "vehicle"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
class Car(Vehicle):
    __tablename__ = "car"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    doors: Mapped[int] = mapped_column(deferred=True)
    __mapper_args__ = {"concrete": True}
""",
    "single inheritance with columns and relationships of its own": MODERN
    + """
class Office(Base):
    __tablename__ = "office"
    id: Mapped[int] = mapped_column(primary_key=True)
    managers: Mapped[list["Manager"]] = relationship(back_populates="office")
class Employee(Base):
    __tablename__ = "employee"
    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "type"}
class Manager(Employee):
    __mapper_args__ = {"polymorphic_identity": "manager"}
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), use_existing_column=True)
    office: Mapped[Office | None] = relationship(back_populates="managers", lazy="joined")
""",
    "composite, synonym, deferred group": MODERN
    + """
import dataclasses
@dataclasses.dataclass
class Point:
    x: int
    y: int
class Vertex(Base):
    __tablename__ = "vertex"
    id: Mapped[int] = mapped_column(primary_key=True)
    start: Mapped[Point] = composite(mapped_column("x1"), mapped_column("y1"))
    x2: Mapped[int] = mapped_column(deferred=True, deferred_group="end")
    y2: Mapped[int] = mapped_column(deferred=True, deferred_group="end")
    end: Mapped[Point] = composite("x2", "y2")
    number: Mapped[int] = synonym("id")
    size = column_property(func.abs(1), deferred=True, group="end")
""",
    "properties in mapper arguments": CLASSIC
    + """
class Part(Base):
    __tablename__ = "part"
    id = Column(Integer, primary_key=True)
    box_id = Column(ForeignKey("box.id"))
class Box(Base):
    __tablename__ = "box"
    id = Column(Integer, primary_key=True)
    body = Column(String)
    __mapper_args__ = {"properties": {"parts": relationship(Part, lazy="selectin", backref="box")}}
""",
    "imperative with every kind of property": CLASSIC
    + """
reg = registry()
team = Table("team", reg.metadata, Column("id", Integer, primary_key=True), Column("motto", String), Column("name", String, key="title"))
player = Table("player", reg.metadata, Column("id", Integer, primary_key=True), Column("team_id", ForeignKey("team.id")))
class Team: ...
class Player: ...
class Keeper(Player): ...
def start():
    reg.map_imperatively(Player, player, properties=dict(team=relationship(Team, back_populates="players", lazy="joined")))
    reg.map_imperatively(Keeper, inherits=Player)
    reg.map_imperatively(Team, team, properties={"players": relationship("Player", back_populates="team"), "motto": deferred(team.c.motto),
        "label": synonym("title")})
start()
""",
    "as_declarative and registries of one's own": CLASSIC
    + """
from sqlalchemy.orm import as_declarative, declared_attr
@as_declarative()
class Root:
    id = Column(Integer, primary_key=True)
    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower()
class Leaf(Root):
    twig_id = Column(ForeignKey("twig.id"))
    twig = relationship("Twig", backref=backref("leaves", lazy="dynamic"))
class Twig(Root): ...
other = registry()
@other.as_declarative_base()
class Second: ...
class Third(Second):
    __tablename__ = "third"
    id = Column(Integer, primary_key=True)
@other.mapped
class Fourth:
    __table__ = Table("fourth", other.metadata, Column("id", Integer, primary_key=True))
""",
    "annotations in strings": MODERN.replace("from __future__ import annotations\n", "")
    + """
class A(Base):
    __tablename__ = "a"
    id: Mapped["int"] = mapped_column(primary_key=True)
    bs: Mapped[list["B"]] = relationship(back_populates="a")
    one: Mapped["Optional[B]"] = relationship(viewonly=True)
class B(Base):
    __tablename__ = "b"
    id: Mapped[int] = mapped_column(primary_key=True)
    a_id: Mapped[Optional[int]] = mapped_column(ForeignKey("a.id"))
    a: Mapped[Optional[A]] = relationship(back_populates="bs")
    other: Mapped["A"] = relationship("A", viewonly=True)
""",
    "unmapped annotations are allowed": CLASSIC
    + """
from typing import List
class Base2(Base):
    __abstract__ = True
    __allow_unmapped__ = True
class Album(Base2):
    __tablename__ = "album"
    id: int = Column(Integer, primary_key=True)
    tracks: List["Track"] = relationship("Track", back_populates="album")
    cached: int = 0
class Track(Base2):
    __tablename__ = "track"
    id: int = Column(Integer, primary_key=True)
    album_id: int = Column(ForeignKey("album.id"))
    album: Album = relationship(Album, back_populates="tracks")
""",
    "properties added to the mapper": CLASSIC
    + """
class Zone(Base):
    __tablename__ = "zone"
    id = Column(Integer, primary_key=True)
class Shop(Base):
    __tablename__ = "shop"
    id = Column(Integer, primary_key=True)
    zone_id = Column(ForeignKey("zone.id"))
    blurb = Column(String)
Zone.__mapper__.add_property("shops", relationship(Shop, lazy="selectin"))
Shop.__mapper__.add_property("zone", relationship(Zone, viewonly=True))
""",
    "mixins with relationships in several classes": MODERN
    + """
class Owner(Base):
    __tablename__ = "owner"
    id: Mapped[int] = mapped_column(primary_key=True)
class Owned:
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    @declared_attr
    def owner(cls):
        return relationship(Owner, backref=cls.__tablename__ + "_list", lazy="selectin")
    @declared_attr
    def notes(cls) -> Mapped[str]:
        return deferred(mapped_column(String))
    @hybrid_property
    def owned(self): return self.owner_id > 0
class Cat(Owned, Base):
    __tablename__ = "cat"
    id: Mapped[int] = mapped_column(primary_key=True)
    names = association_proxy("owner", "id")
class Dog(Owned, Base):
    __tablename__ = "dog"
    id: Mapped[int] = mapped_column(primary_key=True)
""",
    "foreign keys of a table": CLASSIC
    + """
from sqlalchemy import ForeignKeyConstraint
class Head(Base):
    __tablename__ = "head"
    a = Column(Integer, primary_key=True)
    b = Column(Integer, primary_key=True)
    rows = relationship("Row", back_populates="head")
class Row(Base):
    __tablename__ = "row"
    id = Column(Integer, primary_key=True)
    head_a = Column(Integer)
    head_b = Column(Integer)
    head = relationship("Head", back_populates="rows")
    __table_args__ = (ForeignKeyConstraint(["head_a", "head_b"], ["head.a", "head.b"]), {"sqlite_autoincrement": False})
""",
    "explicit conditions": CLASSIC
    + """
class City(Base):
    __tablename__ = "city"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    people = relationship("Person", primaryjoin="foreign(Person.city_name) == City.name", viewonly=True)
class Person(Base):
    __tablename__ = "person"
    id = Column(Integer, primary_key=True)
    city_name = Column(String)
    city = relationship(City, primaryjoin="foreign(Person.city_name) == City.name", viewonly=True)
    home = relationship(City, primaryjoin=lambda: City.name == Person.city_name, foreign_keys=[city_name], viewonly=True)
""",
    "sqlmodel mixins and links": """
from typing import List, Optional
from sqlmodel import Field, Relationship, SQLModel, Column, String
class Stamped(SQLModel):
    created: int = Field(default=0)
class Link(SQLModel, table=True):
    a_id: Optional[int] = Field(default=None, foreign_key="a.id", primary_key=True)
    b_id: Optional[int] = Field(default=None, foreign_key="b.id", primary_key=True)
class A(Stamped, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    body: str = Field(sa_column=Column(String))
    bs: List["B"] = Relationship(back_populates="items", link_model=Link)
    parent_id: Optional[int] = Field(default=None, foreign_key="a.id")
    parent: Optional["A"] = Relationship(back_populates="parts", sa_relationship_kwargs=dict(remote_side="A.id"))
    parts: List["A"] = Relationship(back_populates="parent")
class B(Stamped, table=True):
    __tablename__ = "b"
    id: Optional[int] = Field(default=None, primary_key=True)
    items: list[A] = Relationship(back_populates="bs", link_model=Link)
""",
    "flask-sqlalchemy with a base of its own": """
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
class Own(DeclarativeBase): ...
db = SQLAlchemy(model_class=Own)
class Thing(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    parts: Mapped[list["PartOf"]] = relationship(back_populates="thing")
class PartOf(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    thing: Mapped[Thing] = relationship(back_populates="parts", lazy="joined")
link = db.Table("link", db.Column("thing_id", db.ForeignKey("thing.id")), db.Column("part_id", db.ForeignKey("part_of.id")))
""",
}


LAZY = {True: "select", None: "noload", False: "joined"}


def truth(source: str, package: str = "") -> dict[str, object]:
    """What SQLAlchemy's mappers say after running `source`, by class; of the models of `package`, with their modules."""
    module = types.ModuleType("truth_of_registry")
    sys.modules[module.__name__] = module
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(textwrap.dedent(source), "truth_of_registry", "exec", dont_inherit=True), module.__dict__)
            configure_mappers()
        mappers = [mapper for registry in _all_registries() for mapper in registry.mappers]
        if package:
            ours = [mapper for mapper in mappers if mapper.class_.__module__.partition(".")[0] == package]
            return {f"{mapper.class_.__module__}.{mapper.class_.__qualname__}": _described(mapper) for mapper in ours}
        return {mapper.class_.__qualname__: _described(mapper) for mapper in mappers if mapper.class_.__module__ == module.__name__}
    finally:
        del sys.modules[module.__name__]
        for registry in list(_all_registries()):
            if {mapper.class_.__module__.partition(".")[0] for mapper in registry.mappers} & {module.__name__, package}:
                registry.dispose(cascade=True)
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


def registry_of(linked, *, with_module: bool = False) -> dict[str, object]:
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
        module = f"{program.files[model.id.file].source.module}." if with_module else ""
        found[module + name(model.id)] = {
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
    if situation.startswith("sqlmodel"):
        pytest.importorskip("sqlmodel")
    expected = truth(SOURCES[situation])
    assert expected, "the source maps nothing"
    assert registry_of(build(SOURCES[situation])) == expected


PACKAGE = {
    "shop/__init__.py": "",
    "shop/base.py": """
from sqlalchemy.orm import DeclarativeBase
class Base(DeclarativeBase): ...
class Archive(DeclarativeBase): ...
""",
    "shop/people/__init__.py": "from .models import Person\n",
    "shop/people/models.py": """
from sqlalchemy import Column, Integer
from sqlalchemy.orm import relationship
from shop.base import Base
class Person(Base):
    __tablename__ = "person"
    id = Column(Integer, primary_key=True)
    items = relationship("shop.stock.models.Item", back_populates="person", lazy="subquery")
    first = relationship("Item", uselist=False, viewonly=True)
""",
    "shop/stock/__init__.py": "",
    "shop/stock/models.py": """
from __future__ import annotations
from typing import TYPE_CHECKING
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship
from ..base import Archive, Base
if TYPE_CHECKING:
    from shop.people import Person
class Item(Base):
    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship(back_populates="items", lazy="joined")
    tags: Mapped[list[Tag]] = relationship(secondary="item_tag", back_populates="items")
class OldItem(Archive):
    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    tags: Mapped[list[Tag]] = relationship("Tag")
from .tags import Tag
""",
    "shop/stock/tags.py": """
from sqlalchemy import Column, ForeignKey, Integer, Table
from sqlalchemy.orm import relationship
from shop.base import Archive, Base
item_tag = Table("item_tag", Base.metadata, Column("item_id", ForeignKey("item.id"), primary_key=True), Column("tag_id", ForeignKey("tag.id"), primary_key=True))
class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)
    items = relationship("Item", secondary=item_tag, back_populates="tags")
""",
    "shop/stock/archive.py": """
from sqlalchemy import Column, ForeignKey, Integer
from shop.base import Archive
class Tag(Archive):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)
    item_id = Column(ForeignKey("item.id"))
""",
}


def test_models_in_several_packages_agree_too(build, tmp_path, monkeypatch):
    for name, source in PACKAGE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    source = "import shop.people, shop.stock.models, shop.stock.archive\n"
    try:
        expected = truth(source, "shop")
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
            del sys.modules[name]
    assert len(expected) == 5
    assert registry_of(build({**PACKAGE, "main.py": source}), with_module=True) == expected


def test_what_only_the_database_knows_is_left_out(build):
    linked = build("""
    from sqlalchemy import Column, Integer, MetaData, Table, create_engine
    from sqlalchemy.ext.automap import automap_base
    from sqlalchemy.orm import relationship
    engine = create_engine("sqlite://")
    Base = automap_base()
    class User(Base):
        __tablename__ = "user"
        id = Column(Integer, primary_key=True)
    Base.prepare(autoload_with=engine)
    Address = Base.classes.address
    """)
    (user,) = linked.program.models.values()
    assert (user.name, sorted(user.attributes)) == ("User", ["id"])


def test_a_whole_collection_in_quotes(build):
    """SQLAlchemy takes this only where it can evaluate it at once, so that there is no truth to compare with."""
    linked = build("""
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
    class Base(DeclarativeBase): ...
    class A(Base):
        __tablename__ = "a"
        id: Mapped[int] = mapped_column(primary_key=True)
        bs: Mapped["list[B]"] = relationship()
    class B(Base):
        __tablename__ = "b"
        id: Mapped[int] = mapped_column(primary_key=True)
        a_id: Mapped[int] = mapped_column(ForeignKey("a.id"))
    """)
    bs = linked.program.models[linked.class_("main.py", "A")].attributes["bs"]
    assert (bs.target, bs.uselist) == (linked.class_("main.py", "B"), True)
