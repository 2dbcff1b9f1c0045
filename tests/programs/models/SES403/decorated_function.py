"""The newer decorator `mapped_as_dataclass` on single classes of an ordinary registry; the relationship keeps its default repr."""
# case: outcome=ok sqlalchemy=>=2.0
from __future__ import annotations

from typing import List

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import Mapped, Session, mapped_column, registry, relationship
from sqlalchemy.orm.exc import DetachedInstanceError

ENGINE = create_engine("sqlite://")
mapper_registry = registry()


@mapper_registry.mapped_as_dataclass(order=False)
class Mill:
    __tablename__ = "mill"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    river: Mapped[str]
    wheels: Mapped[List[Wheel]] = relationship(default_factory=list)  # expect: SES403
    stones: Mapped[List[Stone]] = relationship(default_factory=list, repr=False)


@mapper_registry.mapped_as_dataclass
class Wheel:
    __tablename__ = "wheel"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    mill_id: Mapped[int] = mapped_column(ForeignKey("mill.id"), init=False)
    diameter: Mapped[int]


@mapper_registry.mapped_as_dataclass
class Stone:
    __tablename__ = "stone"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    mill_id: Mapped[int] = mapped_column(ForeignKey("mill.id"), init=False)
    weight: Mapped[int]


def mill() -> Mill:
    with Session(ENGINE) as session:
        return session.get(Mill, 1)


def main() -> None:
    mapper_registry.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Mill(river="Ouse", wheels=[Wheel(diameter=4)], stones=[Stone(weight=900)]))
        session.commit()
    try:
        repr(mill())  # allow: SES301
    except DetachedInstanceError as error:
        assert "wheels" in str(error)
        return
    raise AssertionError("the mill was printed")
