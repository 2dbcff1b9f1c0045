"""A service validates rows into Pydantic models while its async session is open: that is no help, the loading would be implicit IO."""
# case: outcome=ValidationError
from typing import List

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, ForeignKey, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession)
Base = declarative_base()


class Crew(Base):
    __tablename__ = "crew"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))
    pilots = relationship("Pilot")


class Pilot(Base):
    __tablename__ = "pilot"
    id = Column(Integer, primary_key=True)
    crew_id = Column(ForeignKey("crew.id"))
    callsign = Column(String(20))


class PilotDto(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    callsign: str


class CrewDto(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    name: str
    pilots: List[PilotDto]


class CrewService:
    def __init__(self, session):
        self.session = session

    async def pilots(self):
        rows = (await self.session.scalars(select(Pilot))).all()
        return [PilotDto.model_validate(row) for row in rows]

    async def crews(self):
        rows = (await self.session.scalars(select(Crew))).all()
        return [CrewDto.model_validate(row) for row in rows]  # expect: SES307


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Crew(name="Alpha", pilots=[Pilot(callsign="owl")]))
        await session.commit()
    async with Session() as session:
        service = CrewService(session)
        assert [pilot.callsign for pilot in await service.pilots()] == ["owl"]
        await service.crews()
