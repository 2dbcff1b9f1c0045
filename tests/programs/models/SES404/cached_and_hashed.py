"""Annotated models: a `cached_property`, a `__hash__` and a property that asks another property of the same class."""
# case: outcome=DetachedInstanceError select=SES404 sqlalchemy=>=2.0
from __future__ import annotations

from functools import cached_property
from typing import List

from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

ENGINE = create_engine("sqlite://")


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    players: Mapped[List[Player]] = relationship(back_populates="team")

    @cached_property
    def captain(self) -> Player | None:
        leaders = [player for player in self.players if player.leads]  # expect: SES404  # allow: SES301
        return leaders[0] if leaders else None


class Player(Base):
    __tablename__ = "player"
    id: Mapped[int] = mapped_column(primary_key=True)
    nick: Mapped[str]
    leads: Mapped[bool] = mapped_column(default=False)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    team: Mapped[Team] = relationship(back_populates="players")

    @property
    def club(self) -> str:
        return self.team.name  # expect: SES404  # allow: SES301

    @property
    def badge(self) -> str:
        return f"{self.nick}/{self.team_id}"

    def __hash__(self) -> int:
        return hash((self.nick, self.team.name))  # expect: SES404  # allow: SES301

    def transfer(self, team: Team) -> Team:
        previous = self.team
        self.team = team
        return previous


def players() -> list[Player]:
    with Session(ENGINE) as session:
        return list(session.scalars(select(Player).order_by(Player.id)))


def main() -> None:
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        team = Team(name="Reds")
        session.add(team)
        session.flush()
        team.players.append(Player(nick="pim", leads=True))
        session.commit()
    found = players()
    assert found[0].badge == "pim/1"
    print([player.club for player in found])  # allow: SES301
