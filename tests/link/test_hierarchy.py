"""Which classes a class inherits from, and what it finds there."""

# ruff: noqa: E501 -- one program a line
from __future__ import annotations

import pytest

from sessionlint.facts import ops

DIAMOND = """
class A:
    kind = "a"
    def go(self): ...
    def __repr__(self): ...
    __str__ = __repr__
class B(A):
    def go(self): ...
class C(A):
    kind: str = "c"
    @property
    def size(self): ...
    @size.setter
    def size(self, value): ...
class D(B, C): ...
"""


def lines(program, file, qualname):
    return [program.say(symbol) for symbol in program.program.mro(program.class_(file, qualname))]


def test_diamond(build):
    program = build(DIAMOND)
    assert lines(program, "main.py", "D") == [f"class main.py:{name}" for name in "DBCA"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class A(B): ...\nclass B(A): ...", ["class main.py:A", "class main.py:B"]),
        ("class A(A): ...", ["class main.py:A"]),
        ("class X: ...\nclass Y(X): ...\nclass A(X, Y): ...", ["class main.py:A", "class main.py:X", "class main.py:Y"]),
        ("class A(unknown, object): ...", ["class main.py:A"]),
        ("from typing import Generic, TypeVar\nT = TypeVar('T')\nclass A(Generic[T]): ...", ["class main.py:A", "external typing.Generic"]),
        ("from sqlalchemy.orm import declarative_base\nBase = declarative_base()\nclass A(Base): ...",
         ["class main.py:A", "external sqlalchemy.orm.declarative_base"]),
        ("from sqlalchemy.orm import declarative_base\nclass M: ...\nBase = declarative_base(cls=M)\nclass A(Base): ...",
         ["class main.py:A", "class main.py:M", "external sqlalchemy.orm.declarative_base"]),
        ("from sqlalchemy.orm import DeclarativeBase\nfrom flask_sqlalchemy import SQLAlchemy\nclass M(DeclarativeBase): ...\n"
         "db = SQLAlchemy(model_class=M)\nclass A(db.Model): ...",
         ["class main.py:A", "class main.py:M", "external sqlalchemy.orm.DeclarativeBase", "external flask_sqlalchemy.SQLAlchemy.Model"]),
        ("from six import with_metaclass\nclass M(type): ...\nclass B: ...\nclass A(with_metaclass(M, B)): ...", ["class main.py:A", "class main.py:B"]),
    ],
)  # fmt: skip
def test_orders(build, source, expected):
    assert lines(build(source), "main.py", "A") == expected


def test_methods_are_found_in_the_order_of_the_classes(build):
    program = build(DIAMOND)
    d = program.class_("main.py", "D")
    names = {name: program.program.method(d, name) for name in ("go", "__repr__", "__str__", "missing", "kind")}
    assert {name: found and program.program.function(found).qualname for name, found in names.items()} == {
        "go": "B.go",
        "__repr__": "A.__repr__",
        "__str__": "A.__repr__",
        "missing": None,
        "kind": None,
    }


def test_a_property_is_its_getter(build):
    program = build(DIAMOND)
    getter = program.program.method(program.class_("main.py", "D"), "size")
    assert getter is not None
    assert [parameter.name for parameter in program.program.function(getter).parameters] == ["self"]


def test_class_attributes(build):
    program = build(DIAMOND)
    found = program.program.class_attribute(program.class_("main.py", "D"), "kind")
    assert found is not None
    owner, value, annotation = found
    assert owner == program.class_("main.py", "C")
    assert isinstance(value, ops.Constant)
    assert value.value == "c"
    assert isinstance(annotation, ops.Name)
    assert program.program.class_attribute(owner, "missing") is None


def test_subclasses_nearest_first(build):
    program = build(DIAMOND)
    below = program.program.subclasses(program.class_("main.py", "A"))
    assert [program.program.class_(id).name for id in below] == ["B", "C", "D"]
    assert program.program.subclasses(program.class_("main.py", "D")) == ()


def test_relatives(build):
    program = build(DIAMOND + "class E: ...\n")
    a, b, d, e = (program.class_("main.py", name) for name in "ABDE")
    assert [program.program.are_related(*pair) for pair in ((a, d), (d, a), (a, a), (b, e))] == [True, True, True, False]
    assert program.program.model_lineage(d) == tuple(program.class_("main.py", name) for name in "DBCA")
