"""`dataclasses.asdict` of a mapped dataclass visits every field, the relationship among them, on a row without a session."""
# case: outcome=DetachedInstanceError sqlalchemy=>=2.0
from __future__ import annotations

from dataclasses import asdict
from typing import List

from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Session, mapped_column, relationship

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


def towers() -> list[Tower]:
    with Session(ENGINE) as session:
        return list(session.scalars(select(Tower)))


def bells() -> list[dict]:
    with Session(ENGINE) as session:
        found = session.scalars(select(Bell)).all()
    return [asdict(bell) for bell in found]


def export() -> list[dict]:
    return [asdict(tower) for tower in towers()]  # expect: SES307


def main() -> None:
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Tower(town="Pisa", bells=[Bell(tone="g")]))
        session.commit()
    assert bells() == [{"id": 1, "tower_id": 1, "tone": "g"}]
    print(export())
