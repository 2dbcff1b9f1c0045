"""A dataclass model with a `__repr__` of its own keeps it; and in an ordinary dataclass of the same name `relationship` is just a field."""
# case: outcome=ok sqlalchemy=>=2.0
from __future__ import annotations

from dataclasses import dataclass, field
from typing import List

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Session, mapped_column, relationship

ENGINE = create_engine("sqlite://")


class Base(MappedAsDataclass, DeclarativeBase):
    pass


class Mill(Base):
    __tablename__ = "mill"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    river: Mapped[str]
    wheels: Mapped[List[Wheel]] = relationship(default_factory=list)

    def __repr__(self) -> str:
        return f"<Mill on the {self.river}>"


class Wheel(Base):
    __tablename__ = "wheel"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    mill_id: Mapped[int] = mapped_column(ForeignKey("mill.id"), init=False)
    diameter: Mapped[int]


@dataclass
class MillPlan:
    river: str
    wheels: List[int] = field(default_factory=list)


def plan(mill: Mill) -> MillPlan:
    return MillPlan(mill.river, [wheel.diameter for wheel in mill.wheels])


def main() -> None:
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Mill(river="Ouse", wheels=[Wheel(diameter=4)]))
        session.commit()
    with Session(ENGINE) as session:
        mill = session.get(Mill, 1)
        assert repr(plan(mill)) == "MillPlan(river='Ouse', wheels=[4])"
    assert repr(mill) == "<Mill on the Ouse>"
