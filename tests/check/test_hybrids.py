"""SES405 against SQLAlchemy itself: what it reports fails on the class or gives other SQL there, what works there it leaves alone."""

from __future__ import annotations

import textwrap
import types
import warnings

import pytest
from sqlalchemy import select

from sessionlint.capture import capture
from tests.check.programs import found

MODELS = """
import math
from datetime import datetime, timedelta
from sqlalchemy import ForeignKey, and_, case, func, or_
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, object_session, relationship

LABELS = {"a": "A"}
LIMIT = 3

class Base(DeclarativeBase): ...

class Line(Base):
    __tablename__ = "line"
    id: Mapped[int] = mapped_column(primary_key=True)
    total: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[str]
    last: Mapped[str | None]
    age: Mapped[int]
    active: Mapped[bool]
    born: Mapped[datetime]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    lines: Mapped[list[Line]] = relationship()
    team: Mapped[Team | None] = relationship()
    totals = association_proxy("lines", "total")
    COLOURS = {1: "red"}
    LIMITS = [1, 2]

    @property
    def plain(self): return self.lines
    def method(self): return 1
    @staticmethod
    def static(): return 1
    @hybrid_property
    def full(self): return self.first + " " + self.last
    @hybrid_property
    def other(self): return self.age * 2
    @other.expression
    def other(cls): return cls.age * 2

    @hybrid_property
    def tried(self):
"""

FAILS = {
    "loop": "return [line for line in self.lines]",
    "generator in sum": "return sum(line.total for line in self.lines)",
    "any": "return any(line.total for line in self.lines)",
    "for": "total = 0\nfor line in self.lines:\n    total += line.total\nreturn total",
    "through a variable": "lines = self.lines\nreturn next(iter(lines), None)",
    "len": "return len(self.lines)",
    "sorted": "return sorted(self.lines, key=lambda line: line.total)",
    "filter": "return list(filter(None, self.lines))",
    "map": "return list(map(str, self.lines))",
    "item": "return self.lines[0]",
    "proxy": "return len(self.totals)",
    "star": "return [*self.lines]",
    "membership in a relationship": "return self.age in self.lines",
    "attribute of the related": "return self.team.name",
    "with a guard": "return self.team.name if self.team else None",
    "method of a collection": "return self.lines.count()",
    "length of a text": "return len(self.first)",
    "method of a text": "return self.first.lower()",
    "part of a text": "return self.first.split()",
    "date": "return self.born.year",
    "difference": "return (datetime.now() - self.born).days",
    "int": "return int(self.age)",
    "round": "return round(self.age, 2)",
    "max": "return max(self.age, 0)",
    "math": "return math.sqrt(self.age)",
    "two comparisons": "return 0 < self.age < LIMIT",
    "and between comparisons": "return self.age > 3 and self.first == 'x'",
    "not of a comparison": "return not (self.age > 3)",
    "condition on a comparison": "return 'old' if self.age > 60 else 'young'",
    "if on a comparison": "if self.age > 60:\n    return 'old'\nreturn 'young'",
    "join": "return ' '.join([self.first, self.last])",
    "dict": "return LABELS[self.first]",
    "dict of the class": "return self.COLOURS[self.age]",
    "looping over a property": "return [line for line in self.plain]",
    "the property itself": "return self.plain",
    "method without an instance": "return self.method()",
    "session of the instance": "return object_session(self).query(Line).count()",
    "identity": "return self.last is None",
    "negation": "return not self.active",
    "in a list": "return self.first in ['a', 'b']",
    "format string": "return f'{self.first} {self.last}'",
    "percent": "return '%s %s' % (self.first, self.last)",
    "format": "return '{}'.format(self.first)",
    "str": "return str(self.age)",
    "constant either way": "return 1 if self.first else 0",
    "get of a dict": "return LABELS.get(self.first)",
    "handler that gives nothing": "try:\n    return [line for line in self.lines]\nexcept Exception:\n    return []",
    "loop in one branch": "if LIMIT > 2:\n    return [line for line in self.lines]\nreturn []",
}
"""`select(User.tried)` raises."""

SILENT = {
    "or": "return self.first or self.last",
    "or between comparisons": "return self.first == 'x' or self.age > 3",
    "the flag is left out": "return self.active and self.first",
    "none or": "return self.last is None or self.age > 3",
    "two ways": "if self.last is not None:\n    return self.first + self.last\nreturn self.first",
    "two ways in one line": "return self.first + self.last if self.last else self.first",
}
"""It gives SQL, but not what an instance gives."""

WORKS = {
    "concatenation": "return self.first + ' ' + self.last",
    "arithmetic": "return -self.age * 2",
    "comparison": "return self.age > LIMIT",
    "method of a column": "return self.first.startswith('x')",
    "in_": "return self.first.in_(['a', 'b'])",
    "is_": "return self.last.is_(None)",
    "any of a relationship": "return self.lines.any(Line.total > 3)",
    "has": "return self.team.has(name='x')",
    "func": "return func.lower(self.first)",
    "and_": "return and_(self.active, self.age > 3)",
    "bitwise": "return (self.age > 3) & self.active",
    "case": "return case((self.age > 3, 'a'), else_='b')",
    "guard before": "if self.age is None:\n    return 0\nreturn self.age * 2",
    "guard in one line": "return self.age * 2 if self.age else None",
    "guard with and": "return self.age and self.age * 2",
    "default": "return self.last or ''",
    "other hybrid": "return self.full + '!'",
    "hybrid with an expression": "return self.other + 1",
    "asks": "if isinstance(self, type):\n    return self.age\nreturn sum(line.total for line in self.lines)",
    "tries": "try:\n    return self.first.lower()\nexcept AttributeError:\n    return func.lower(self.first)",
    "date arithmetic": "return self.born > datetime.now() - timedelta(days=1)",
    "constant of the class": "return self.age * self.LIMITS[0]",
    "loop over constants": "return or_(*[self.age == limit for limit in self.LIMITS])",
    "variables": "first, last = 'a', self.last\nresult = first + last\nreturn result",
    "static method": "return self.age + self.static()",
}


def source(body: str) -> str:
    return MODELS + textwrap.indent(body, "        ") + "\n"


def sql(body: str) -> str | None:
    """What `select(User.tried)` is; None where it raises."""
    module = types.ModuleType("hybrids_on_the_class")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source(body), "hybrids", "exec", dont_inherit=True), module.__dict__)
        try:
            return str(select(module.User.tried))
        except Exception:
            return None
        finally:
            module.Base.registry.dispose()


def reported(body: str) -> list[str]:
    made = found(files={"app.py": capture(source(body).encode())}, select=("SES405",))
    return [finding.message for finding in made]


@pytest.mark.parametrize("body", FAILS.values(), ids=FAILS)
def test_what_raises_on_the_class_is_reported(body: str) -> None:
    assert sql(body) is None
    assert len(reported(body)) == 1


@pytest.mark.parametrize("body", SILENT.values(), ids=SILENT)
def test_what_gives_other_sql_on_the_class_is_reported(body: str) -> None:
    assert sql(body) is not None
    assert len(reported(body)) == 1


@pytest.mark.parametrize("body", WORKS.values(), ids=WORKS)
def test_what_works_on_the_class_is_not(body: str) -> None:
    assert sql(body) is not None
    assert reported(body) == []
