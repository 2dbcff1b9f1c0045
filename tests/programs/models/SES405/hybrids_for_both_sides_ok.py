"""Bodies that serve both sides: column arithmetic, comparisons joined with an ampersand, an in-place expression; and a plain method that loops."""
# case: outcome=ok sqlalchemy=>=2.0
from __future__ import annotations

from typing import List

from sqlalchemy import ForeignKey, case, create_engine, select
from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

ENGINE = create_engine("sqlite://")


class Base(DeclarativeBase):
    pass


class Room(Base):
    __tablename__ = "room"
    id: Mapped[int] = mapped_column(primary_key=True)
    width: Mapped[int]
    depth: Mapped[int]
    chairs: Mapped[List[Chair]] = relationship()

    @hybrid_property
    def area(self) -> int:
        return self.width * self.depth

    @hybrid_property
    def large(self) -> bool:
        return (self.area > 20) & (self.width > 3)

    @hybrid_property
    def kind(self) -> str:
        return "hall" if self.area > 100 else "room"

    @kind.inplace.expression
    @classmethod
    def _kind_expression(cls):
        return case((cls.area > 100, "hall"), else_="room")

    @hybrid_method
    def fits(self, width: int, depth: int) -> bool:
        return (self.width >= width) & (self.depth >= depth)

    def broken(self) -> list[int]:
        return [chair.id for chair in self.chairs if chair.legs < 4]


class Chair(Base):
    __tablename__ = "chair"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    legs: Mapped[int] = mapped_column(default=4)


def main() -> None:
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Room(width=5, depth=6, chairs=[Chair(), Chair(legs=3)]))
        session.commit()
        room = session.scalars(select(Room).where(Room.large, Room.fits(4, 4), Room.kind == "room")).one()
        assert (room.area, room.large, room.kind, room.broken()) == (30, True, "room", [2])
