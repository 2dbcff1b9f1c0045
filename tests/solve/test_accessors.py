"""What a model is looked at with is known however its properties lead to one another."""

from __future__ import annotations

from pathlib import Path

from sessionlint.config import Options, load_settings
from sessionlint.pipeline import run
from sessionlint.solve.start.accessors import looked_at

MODEL = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, synonym

class Base(DeclarativeBase):
    pass

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    orders: Mapped[list[Order]] = relationship()
    purchases = synonym("orders")

    @property
    def first(self):
        return self.second or self.third

    @property
    def second(self):
        return self.first

    @property
    def third(self):
        return self.first or self.purchases

    @property
    def alone(self):
        return self.alone or self.id
"""


def test_properties_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODEL)
    settings = load_settings([tmp_path], isolated=True, overrides=Options(cache=False))
    program = run([tmp_path], settings, jobs=1, only_link=True, needs_program=True).program
    assert {program.function(seen.function).name for seen in looked_at(program)} == {"first", "second", "third"}
