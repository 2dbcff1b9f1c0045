"""What the registry says beyond what SQLAlchemy's mappers can confirm: places, owners, generated values, `repr`, several modules."""

# ruff: noqa: E501 -- one program a line
from __future__ import annotations

import pytest

HEAD = """
from datetime import datetime
from sqlalchemy import Column, Computed, FetchedValue, ForeignKey, Identity, Integer, String, func, text
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, backref, deferred, mapped_column, relationship
class Base(DeclarativeBase): ...
"""


def model(linked, name, file="main.py"):
    return linked.program.models[linked.class_(file, name)]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("mapped_column(String)", ""),
        ("mapped_column(default=datetime.utcnow)", ""),
        ("mapped_column(default=lambda: 1, onupdate=datetime.utcnow)", ""),
        ("mapped_column(default='x', server_default=None)", ""),
        ("mapped_column(server_default='x')", "insert"),
        ("mapped_column(server_default=func.now())", "insert"),
        ("mapped_column(default=func.now())", "insert"),
        ("mapped_column(insert_default=text('now()'))", "insert"),
        ("mapped_column(server_default=FetchedValue())", "insert"),
        ("mapped_column(onupdate=func.now())", "update"),
        ("mapped_column(server_onupdate=FetchedValue())", "update"),
        ("mapped_column(default=func.now() + 1)", "insert"),
        ("mapped_column(Integer, Computed('a + b'))", "update"),
        ("mapped_column(Integer, Identity(), primary_key=True)", ""),
        ("mapped_column(server_default='1', primary_key=True)", ""),
        ("Column(String, server_default='x')", "insert"),
        ("deferred(Column(String, server_default='x'))", "insert"),
    ],
)
def test_generated_values(build, column, expected):
    linked = build(f"{HEAD}class A(Base):\n    __tablename__ = 'a'\n    value: Mapped[str] = {column}\n")
    value = model(linked, "A").attributes["value"]
    assert (value.is_generated, value.is_generated_on_update) == {"": (False, False), "insert": (True, False), "update": (True, True)}[
        expected
    ]


def test_eager_defaults_leave_nothing_to_be_fetched(build):
    linked = build(
        f"{HEAD}class A(Base):\n    __mapper_args__ = {{'eager_defaults': True}}\n    value: Mapped[str] = mapped_column(server_default='x')\n"
    )
    assert model(linked, "A").attributes["value"].is_generated is False


def test_both_sides_of_a_backref(build):
    linked = build(
        HEAD + "class Parent(Base):\n    __tablename__ = 'p'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    children = relationship('Child', backref=backref('parent', lazy='joined'))\n"
        "class Child(Base):\n    __tablename__ = 'c'\n    p = mapped_column(ForeignKey('p.id'))\nclass Infant(Child): ...\n"
    )
    children = model(linked, "Parent").attributes["children"]
    parent = model(linked, "Infant").attributes["parent"]
    assert (children.at.range.row, children.backref_of, children.owner) == (10, "", linked.class_("main.py", "Parent"))
    assert (parent.at, parent.backref_of, parent.owner) == (children.at, "children", linked.class_("main.py", "Parent"))
    assert (parent.target, parent.lazy, parent.uselist) == (linked.class_("main.py", "Parent"), "joined", False)


def test_kinds_of_members(build):
    linked = build(
        HEAD + "from functools import cached_property\nfrom sqlalchemy.ext.hybrid import hybrid_method, hybrid_property\n"
        "class A(Base):\n    __tablename__ = 'a'\n    count = 3\n    @property\n    def one(self): ...\n    @cached_property\n    def two(self): ...\n"
        "    @hybrid_property\n    def three(self): ...\n    @three.expression\n    def three(cls): ...\n    @hybrid_method\n    def four(self): ...\n"
        "    def five(self): ...\n    @classmethod\n    def six(cls): ...\n    def _get(self): ...\n    seven = property(_get)\n    def __eq__(self, other): ...\n"
    )
    attributes = model(linked, "A").attributes
    assert {
        name: (found.kind, found.function and linked.program.function(found.function).at.row) for name, found in attributes.items()
    } == {
        "seven": ("property", 25),
        "one": ("property", 13),
        "two": ("property", 15),
        "three": ("hybrid", 17),
        "four": ("method", 21),
        "five": ("method", 22),
        "six": ("method", 24),
        "_get": ("method", 25),
    }


@pytest.mark.parametrize(
    ("body", "expected_repr", "expected_str"),
    [
        ("class A(Base): ...", None, None),
        ("class A(Base):\n    def __repr__(self): ...", "A.__repr__", "A.__repr__"),
        ("class A(Base):\n    def __str__(self): ...", None, "A.__str__"),
        ("class M:\n    def __repr__(self): ...\nclass A(M, Base):\n    def __str__(self): ...", "M.__repr__", "A.__str__"),
        ("class A(Base):\n    def __str__(self): ...\n    __repr__ = __str__", "A.__str__", "A.__str__"),
        ("def shown(self): ...\nclass A(Base):\n    __repr__ = shown", "shown", "shown"),
        ("class M(MappedAsDataclass):\n    def __repr__(self): ...\nclass A(M, Base): ...", None, None),
        ("class M(MappedAsDataclass):\n    def __repr__(self): ...\nclass A(M, Base, repr=False): ...", "M.__repr__", "M.__repr__"),
        ("class A(MappedAsDataclass, Base):\n    def __repr__(self): ...", "A.__repr__", "A.__repr__"),
    ],
)
def test_what_repr_runs(build, body, expected_repr, expected_str):
    linked = build(f"{HEAD}{body}\n")
    found = model(linked, "A")
    names = [function and linked.program.function(function).qualname for function in (found.repr_function, found.str_function)]
    assert names == [expected_repr, expected_str]


def test_dataclasses_and_what_their_repr_shows(build):
    linked = build(
        HEAD + "class Data(MappedAsDataclass, AsyncAttrs, Base):\n    __abstract__ = True\nclass A(Data):\n    __tablename__ = 'a'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True, repr=False)\n    bs: Mapped[list['B']] = relationship(repr=False)\n"
        "    cs: Mapped[list['B']] = relationship()\nclass B(Base):\n    __tablename__ = 'b'\n"
    )
    found = model(linked, "A")
    assert (found.is_dataclass, found.is_async_attrs, model(linked, "B").is_dataclass) == (True, True, False)
    assert {name: each.in_repr for name, each in found.attributes.items()} == {"id": False, "bs": False, "cs": True}


def test_bases_and_mixins_are_models_that_are_not_mapped(build):
    linked = build(
        HEAD
        + "class Mixin:\n    size: Mapped[int]\nclass Unused:\n    size: Mapped[int]\nclass A(Mixin, Base):\n    __tablename__ = 'a'\nclass B(A): ...\n"
    )
    found = {each.name: each for each in linked.program.models.values()}
    assert {name: each.is_mapped for name, each in found.items()} == {"Base": False, "Mixin": False, "A": True, "B": True}
    a, b = linked.class_("main.py", "A"), linked.class_("main.py", "B")
    assert (found["A"].children, found["B"].parents, found["A"].parents, found["Mixin"].children) == ((b,), (a,), (), (a, b))
    assert found["B"].attributes["size"].owner == linked.class_("main.py", "Mixin")


MODULES = {
    "base.py": HEAD,
    "one/__init__.py": "",
    "one/models.py": "from base import *\nfrom base import Base, Mapped, relationship\nclass Child(Base):\n    __tablename__ = 'one'\n"
    "class Parent(Base):\n    __tablename__ = 'p1'\n    near: Mapped['Child'] = relationship()\n    far: Mapped['Child'] = relationship('two.models.Child')\n"
    "    alone = relationship('Lonely')\n    gone = relationship('Nobody')\n",
    "two/__init__.py": "",
    "two/models.py": "from base import Base\nclass Child(Base):\n    __tablename__ = 'two'\nclass Lonely(Base):\n    __tablename__ = 'l'\n",
    "three.py": "from base import Base, relationship\nfrom two.models import Child\nclass Third(Base):\n    __tablename__ = 't'\n    child = relationship('Child')\n",
    "four.py": "from base import Base, relationship\nclass Fourth(Base):\n    __tablename__ = 'f'\n    child = relationship('Child')\n",
    "five.py": "from typing import TYPE_CHECKING\nfrom base import Base, Mapped, relationship\nif TYPE_CHECKING:\n    from two.models import Lonely\n"
    "class Fifth(Base):\n    __tablename__ = 'v'\n    friends: Mapped[list['Lonely']] = relationship()\n",
}


@pytest.mark.parametrize(
    ("file", "name", "attribute", "expected"),
    [
        ("one/models.py", "Parent", "near", "one/models.py"),
        ("one/models.py", "Parent", "far", "two/models.py"),
        ("one/models.py", "Parent", "alone", "two/models.py"),
        ("one/models.py", "Parent", "gone", None),
        ("three.py", "Third", "child", "two/models.py"),
        ("four.py", "Fourth", "child", None),
        ("five.py", "Fifth", "friends", "two/models.py"),
    ],
)
def test_targets_across_modules(build, file, name, attribute, expected):
    linked = build(MODULES)
    found = model(linked, name, file).attributes[attribute]
    assert (found.target and found.target.file) == expected


def test_a_program_without_models_has_none(build):
    assert build("class A: ...\nclass B(A):\n    x: int = 1\n").program.models == {}
