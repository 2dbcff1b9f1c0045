"""Appending to a collection reads it first: under an async session the innocent `append` of a new reading is implicit IO."""
# case: outcome=MissingGreenlet
from sqlalchemy import Column, Float, ForeignKey, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Probe(Base):
    __tablename__ = "probe"
    id = Column(Integer, primary_key=True)
    place = Column(String(20), unique=True)
    readings = relationship("Reading")


class Reading(Base):
    __tablename__ = "reading"
    id = Column(Integer, primary_key=True)
    probe_id = Column(ForeignKey("probe.id"))
    celsius = Column(Float)


class Recorder:
    def __init__(self, session):
        self.session = session

    async def probe(self, place):
        result = await self.session.execute(select(Probe).where(Probe.place == place))
        return result.scalars().first()

    async def record(self, place, celsius):
        probe = await self.probe(place)
        if probe is None:
            probe = Probe(place=place, readings=[Reading(celsius=celsius)])
            self.session.add(probe)
        else:
            probe.readings.append(Reading(celsius=celsius))  # expect: SES303
        await self.session.commit()


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        await Recorder(session).record("roof", 21.5)
    async with Session() as session:
        await Recorder(session).record("roof", 22.0)
