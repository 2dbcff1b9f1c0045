"""Accessors that look whether the relationship is there: in the instance's dict, among the unloaded, or with a handler around the read."""
# case: outcome=ok select=SES404 sqlalchemy=>=2.0
from __future__ import annotations

from typing import List, Optional

from sqlalchemy import ForeignKey, create_engine, inspect, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload
from sqlalchemy.orm.exc import DetachedInstanceError

ENGINE = create_engine("sqlite://")


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    players: Mapped[List[Player]] = relationship(back_populates="team")

    @property
    def size(self) -> Optional[int]:
        if "players" in self.__dict__:
            return len(self.players)
        return None

    def to_dict(self) -> dict[str, object]:
        loaded = "players" not in inspect(self).unloaded
        nicks = [player.nick for player in self.players] if loaded else None
        return {"name": self.name, "players": nicks}


class Player(Base):
    __tablename__ = "player"
    id: Mapped[int] = mapped_column(primary_key=True)
    nick: Mapped[str]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    team: Mapped[Team] = relationship(back_populates="players")

    @property
    def club(self) -> str:
        try:
            return self.team.name
        except DetachedInstanceError:
            return f"team {self.team_id}"


def fetch(model, *options):
    with Session(ENGINE) as session:
        return session.scalars(select(model).options(*options)).first()


def main() -> None:
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Team(name="Reds", players=[Player(nick="pim")]))
        session.commit()
    bare, full = fetch(Team), fetch(Team, selectinload(Team.players))
    assert (bare.size, full.size) == (None, 1)
    assert (bare.to_dict()["players"], full.to_dict()["players"]) == (None, ["pim"])
    assert fetch(Player).club == "team 1"
