"""A reading is attached by its foreign key, by its many-to-one side, or appended to a collection that the query has loaded."""
# case: outcome=ok
from sqlalchemy import Column, Float, ForeignKey, Integer, String, func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, relationship, selectinload, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Probe(Base):
    __tablename__ = "probe"
    id = Column(Integer, primary_key=True)
    place = Column(String(20), unique=True)
    readings = relationship("Reading", back_populates="probe")


class Reading(Base):
    __tablename__ = "reading"
    id = Column(Integer, primary_key=True)
    probe_id = Column(ForeignKey("probe.id"))
    celsius = Column(Float)
    probe = relationship(Probe, back_populates="readings")


class Recorder:
    def __init__(self, session):
        self.session = session

    async def probe(self, place, *options):
        result = await self.session.execute(select(Probe).options(*options).where(Probe.place == place))
        return result.scalars().one()

    async def record(self, place, celsius):
        probe = await self.probe(place)
        self.session.add(Reading(probe_id=probe.id, celsius=celsius))
        await self.session.commit()

    async def record_for(self, place, celsius):
        reading = Reading(celsius=celsius)
        reading.probe = await self.probe(place)
        self.session.add(reading)
        await self.session.commit()

    async def record_into(self, place, celsius):
        probe = await self.probe(place, selectinload(Probe.readings))
        probe.readings.append(Reading(celsius=celsius))
        await self.session.commit()


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Probe(place="roof", readings=[]))
        await session.commit()
    for work in (Recorder.record, Recorder.record_for, Recorder.record_into):
        async with Session() as session:
            await work(Recorder(session), "roof", 20.0)
    async with Session() as session:
        assert await session.scalar(select(func.count()).select_from(Reading)) == 3
