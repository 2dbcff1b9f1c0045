"""`sessionlint explain FILE:LINE`: the story of each finding on a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

APP = """\
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

ENGINE = create_engine("sqlite://")

class Base(DeclarativeBase): ...

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    orders: Mapped[list["Order"]] = relationship()

    @property
    def total(self):
        return len(self.orders)

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

def load(number):
    with Session(ENGINE) as session:
        return session.get(User, number)

def names(user):
    return [order.id for order in user.orders]

def page(number):
    user = load(number)
    return names(user)

def quiet(number):
    return load(number).orders  # noqa: SES301
"""
READ = 27


@pytest.fixture(autouse=True)
def app(project: Path) -> None:
    (project / "app.py").write_text(APP)


def test_the_story_is_a_tree(sessionlint: Command) -> None:
    done = sessionlint("explain", f"app.py:{READ}", environment={"COLUMNS": "100"})
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.rstrip() for line in done.stdout.splitlines()] == [
        "SES301 detached-lazy-load  app.py:27:40",
        "`User.orders` is read on a detached `User` that never loaded it",
        "├── session  app.py:23:10",
        "│   the session is opened here",
        "│   23 | with Session(ENGINE) as session:",
        "│             ^^^^^^^^^^^^^^^",
        "├── query  app.py:24:16",
        "│   `User` is queried here",
        "│   24 | return session.get(User, number)",
        "│               ^^^^^^^^^^^^^^^^^^^^^^^^^",
        "├── option  app.py:24:16",
        "│   `selectinload(User.orders)` here would have loaded it",
        "│   24 | return session.get(User, number)",
        "│               ^^^^^^^^^^^^^^^^^^^^^^^^^",
        "├── end  app.py:23:10",
        "│   the block ends and closes the session",
        "│   23 | with Session(ENGINE) as session:",
        "│             ^^^^^^^^^^^^^^^",
        "├── relationship  app.py:11:5",
        '│   `User.orders` is a relationship with `lazy="select"`',
        '│   11 | orders: Mapped[list["Order"]] = relationship()',
        "│        ^^^^^^",
        "├── call  app.py:31:12",
        "│   calls `names`",
        "│   31 | return names(user)",
        "│               ^^^^^^^^^^^",
        "│   └── read  app.py:27:40",
        "│       reads `User.orders`",
        "│       27 | return [order.id for order in user.orders]",
        "│                                               ^^^^^^",
        "├── help: add `selectinload(User.orders)` to the query at app.py:24",
        "└── more: sessionlint rule SES301",
        "",
    ]


def test_a_column_chooses_among_findings(sessionlint: Command) -> None:
    assert sessionlint("explain", f"app.py:{READ}:41").stdout.startswith("SES301")
    assert sessionlint("explain", f"app.py:{READ}:5").stdout.startswith(f"app.py:{READ}: no finding here at column 5\n")


def test_what_is_not_reported_is_told_with_the_reason(sessionlint: Command) -> None:
    assert "not reported: the comment in line 34 silences it\n" in sessionlint("explain", "app.py:34").stdout
    off = sessionlint("explain", "app.py:15").stdout
    assert off.startswith("SES404 unsafe-model-accessor")
    assert "not reported: SES404 is not selected (`--extend-select SES404`)\n" in off
    assert "not reported" not in sessionlint("explain", "app.py:15", "--extend-select", "SES404").stdout


def test_a_line_of_a_story_leads_to_the_finding(sessionlint: Command) -> None:
    done = sessionlint("explain", "app.py:31")
    assert done.returncode == 0
    assert done.stdout == (
        "app.py:31: no finding here\nIt is part of the story of\n"
        "  app.py:27:40: SES301 `User.orders` is read on a detached `User` that never loaded it\n"
    )


def test_where_there_is_nothing_the_nearest_are_named(sessionlint: Command) -> None:
    done = sessionlint("explain", "app.py:33")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[:2] == ["app.py:33: no finding here", "The nearest in this file"]
    assert [line.split(" ")[2] for line in lines[2:]] == ["app.py:34:25:", "app.py:27:40:", "app.py:15:25:"]
    assert sessionlint("explain", "clean.py:1").stdout == "clean.py:1: no finding here\n"


def test_json(sessionlint: Command) -> None:
    (found,) = json.loads(sessionlint("explain", "app.py:34", "--output-format", "json").stdout)
    assert (found["code"], found["reported"], found["not_reported"]) == ("SES301", False, ["the comment in line 34 silences it"])
    assert found["location"] == {"row": 34, "column": 25}
    assert [step["role"] for step in found["story"]] == ["session", "query", "option", "end", "relationship", "read"]
    assert found["story"][1]["source"] == "return session.get(User, number)"
    assert json.loads(sessionlint("explain", "clean.py:1", "--output-format", "json").stdout) == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("app.py", "`app.py` is not of the form `FILE:LINE` or `FILE:LINE:COLUMN`"),
        ("app.py:x", "`app.py:x` is not of the form `FILE:LINE` or `FILE:LINE:COLUMN`"),
        ("missing.py:3", "there is no file `missing.py`"),
        ("app.py:99", "`app.py` has 34 lines, there is no line 99"),
        ("app.py:0", "`app.py` has 34 lines, there is no line 0"),
    ],
)
def test_a_wrong_place_is_an_error(sessionlint: Command, place: str, said: str) -> None:
    done = sessionlint("explain", place)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_what_the_baseline_knows_is_told(sessionlint: Command) -> None:
    assert sessionlint("baseline", "create").returncode == 0
    assert "\nnot reported: it is in the baseline\n" in sessionlint("explain", f"app.py:{READ}").stdout
    (told,) = json.loads(sessionlint("explain", "--output-format", "json", f"app.py:{READ}").stdout)
    assert (told["reported"], told["not_reported"]) == (False, ["it is in the baseline"])
