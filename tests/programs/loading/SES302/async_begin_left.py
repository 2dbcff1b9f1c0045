"""Leaving `factory.begin()` commits, expires and closes at once; outside there is no session, so the error is the detached one."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
sessions = sessionmaker(engine, class_=AsyncSession)
Base = declarative_base()


class Bike(Base):
    __tablename__ = "bike"
    id = Column(Integer, primary_key=True)
    frame = Column(String(20))
    station = Column(String(20))


async def rent(frame):
    async with sessions.begin() as db:
        bike = (await db.execute(select(Bike).where(Bike.frame == frame))).scalar_one()
        bike.station = None
    return {"frame": frame, "id": bike.id}  # expect: SES302


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with sessions.begin() as db:
        db.add(Bike(frame="FX2", station="north"))
    print(await rent("FX2"))
