"""SQLModel: a service class opens a session per call; the guild of a knight is fetched by nobody and asked for by the console command."""
# case: outcome=DetachedInstanceError sqlalchemy=>=2.0
from typing import List, Optional

from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select

ENGINE = create_engine("sqlite://")


class Guild(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    motto: str
    knights: List["Knight"] = Relationship(back_populates="guild")


class Knight(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str
    guild_id: Optional[int] = Field(default=None, foreign_key="guild.id")
    guild: Optional[Guild] = Relationship(back_populates="knights")


class KnightService:
    def __init__(self, engine):
        self._engine = engine

    def by_name(self, name: str) -> Optional[Knight]:
        with Session(self._engine) as session:
            return session.exec(select(Knight).where(Knight.name == name)).first()

    def enlist(self, knight: Knight) -> None:
        with Session(self._engine) as session:
            session.add(knight)
            session.commit()


def command(service: KnightService, name: str) -> str:
    knight = service.by_name(name)
    if knight is None:
        return "unknown"
    if knight.guild_id is None:
        return "free lance"
    return knight.guild.motto  # expect: SES301


def main() -> None:
    SQLModel.metadata.create_all(ENGINE)
    service = KnightService(ENGINE)
    service.enlist(Knight(name="Ulf"))
    service.enlist(Knight(name="Eir", guild=Guild(motto="Onward")))
    assert command(service, "Ulf") == "free lance"
    print(command(service, "Eir"))
