"""`sessionlint models`: registry and loading strategies as a table, JSON and Mermaid."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

MODELS = """\
from sqlalchemy import ForeignKey
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, backref, mapped_column, relationship

class Base(DeclarativeBase): ...

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    photo: Mapped[bytes] = mapped_column(deferred=True)
    orders: Mapped[list["Order"]] = relationship(back_populates="user", lazy="selectin")
    numbers = association_proxy("orders", "number")

    @hybrid_property
    def shown(self):
        return self.id + 1

class Admin(User): ...

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(back_populates="orders")
    parent_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    parent: Mapped["Order"] = relationship(remote_side=[id], backref=backref("parts", lazy="raise"))
"""
OTHER = """\
from models import Base
from sqlalchemy.orm import Mapped, mapped_column

class Lone(Base):
    __tablename__ = "lone"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


@pytest.fixture(autouse=True)
def models(project: Path) -> None:
    (project / "models.py").write_text(MODELS)
    (project / "other.py").write_text(OTHER)


def test_the_table_fits_a_narrow_terminal(sessionlint: Command) -> None:
    done = sessionlint("models", "models.py", environment={"COLUMNS": "80"})
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    assert max(map(len, lines)) <= 80
    assert lines[:8] == [
        "User  users models.py:8",
        "  inherits Base",
        "  columns id*",
        "  Attribute  What                    Loads                   Other side  Line",
        "  orders     many Order              selectin: with the row  user          12",
        "  photo      deferred column         when read                             11",
        "  numbers    proxy of orders.number                                        13",
        "  shown      hybrid                                                        16",
    ]
    assert lines[-1] == "3 models, 5 relationships"


def test_a_wide_terminal_wraps_nothing(sessionlint: Command) -> None:
    done = sessionlint("models", "models.py", environment={"COLUMNS": "200"})
    assert "  numbers    proxy of orders.number" in done.stdout
    assert "  parts      many Order  raise: raises when read  parent (backref)    28" in done.stdout


def test_json_has_every_attribute_with_its_place(sessionlint: Command) -> None:
    document = json.loads(sessionlint("models", "--output-format", "json", "models.py").stdout)
    assert document["schema_version"] == 1
    user, admin, order = document["models"]
    assert [model["label"] for model in (user, admin, order)] == ["User", "Admin", "Order"]
    assert (user["table"], user["lineage"], user["children"], user["row"]) == ("users", ["Base"], ["Admin"], 8)
    assert (admin["parents"], admin["table"], admin["relationships"][0]["declared_in"]) == (["User"], "users", "User")
    assert user["relationships"] == [
        {
            "name": "orders",
            "declared_in": "User",
            "filename": "models.py",
            "row": 12,
            "target": "Order",
            "uselist": True,
            "lazy": "selectin",
            "loads": "with the row",
            "back_populates": "user",
            "backref": False,
            "viewonly": False,
            "join_depth": None,
        }
    ]
    assert [(each["name"], each["deferred"], each["primary_key"]) for each in user["columns"]] == [
        ("id", False, True),
        ("photo", True, False),
    ]
    assert user["association_proxies"] == [
        {"name": "numbers", "declared_in": "User", "filename": "models.py", "row": 13, "through": "orders", "attribute": "number"}
    ]
    assert [each["name"] for each in user["hybrids"]] == ["shown"]
    parts = next(each for each in order["relationships"] if each["name"] == "parts")
    assert (parts["backref"], parts["lazy"], parts["uselist"], parts["loads"]) == (True, "raise", True, "raises when read")


def test_mermaid_draws_inheritance_and_relationships(sessionlint: Command) -> None:
    done = sessionlint("models", "--output-format", "mermaid")
    lines = done.stdout.splitlines()
    assert lines[0] == "classDiagram"
    assert '    class Lone_["Lone"] {' in lines
    assert lines[-5:] == [
        '    User_ --> "*" Order_ : orders (selectin)',
        "    User_ <|-- Admin_",
        '    Order_ --> "1" User_ : user (select)',
        '    Order_ --> "1" Order_ : parent (select)',
        '    Order_ --> "*" Order_ : parts (raise)',
    ]


def test_nothing_to_show(sessionlint: Command) -> None:
    done = sessionlint("models", "clean.py")
    assert (done.returncode, done.stdout) == (0, "0 models, 0 relationships\n")


def test_an_unknown_format_is_an_error(sessionlint: Command) -> None:
    done = sessionlint("models", "--output-format", "dot")
    assert done.returncode == 2
    assert "'dot' is not one of 'table', 'json', 'mermaid'" in done.stderr
