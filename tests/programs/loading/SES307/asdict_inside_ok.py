"""`asdict` runs inside the session, on a row with loaded bells, or on a plain dataclass that copies what it needs."""
# case: outcome=ok sqlalchemy=>=2.0
from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import List

from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Session, mapped_column, relationship, selectinload

ENGINE = create_engine("sqlite://")


class Base(MappedAsDataclass, DeclarativeBase):
    pass


class Bell(Base):
    __tablename__ = "bell"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    tower_id: Mapped[int] = mapped_column(ForeignKey("tower.id"), init=False)
    tone: Mapped[str]


class Tower(Base):
    __tablename__ = "tower"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    town: Mapped[str]
    bells: Mapped[List[Bell]] = relationship(default_factory=list, repr=False)


@dataclass
class Sight:
    town: str
    number: int


def towers() -> list[Tower]:
    with Session(ENGINE) as session:
        return list(session.scalars(select(Tower).options(selectinload(Tower.bells))))


def sights() -> list[Sight]:
    with Session(ENGINE) as session:
        return [Sight(tower.town, len(tower.bells)) for tower in session.scalars(select(Tower))]


def export_inside() -> list[dict]:
    with Session(ENGINE) as session:
        return [asdict(tower) for tower in session.scalars(select(Tower))]


def main() -> None:
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Tower(town="Pisa", bells=[Bell(tone="g")]))
        session.commit()
    assert [asdict(tower) for tower in towers()] == export_inside()
    assert [asdict(sight) for sight in sights()] == [{"town": "Pisa", "number": 1}]
