"""Async: the job's own session is closed before its rows are enlisted elsewhere; or they are merged; or deleted where they belong."""
# case: outcome=ok
from sqlalchemy import Boolean, Column, Integer, String, func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Lamp(Base):
    __tablename__ = "lamp"
    id = Column(Integer, primary_key=True)
    street = Column(String(20))
    broken = Column(Boolean, default=False)


class Patrol:
    def __init__(self, factory):
        self.factory = factory

    async def find(self, street):
        async with self.factory() as own:
            return (await own.execute(select(Lamp).where(Lamp.street == street))).scalars().all()

    async def check(self, session, street):
        lamps = await self.find(street)
        for lamp in lamps:
            lamp.broken = True
        session.add_all(lamps)
        await session.commit()
        return len(lamps)

    async def copy(self, session, street):
        async with self.factory() as own:
            lamp = (await own.execute(select(Lamp).where(Lamp.street == street))).scalars().first()
            mine = await session.merge(lamp)
            mine.broken = False
            await session.commit()

    async def scrap(self, street):
        async with self.factory() as own:
            for lamp in (await own.scalars(select(Lamp).where(Lamp.street == street))).all():
                await own.delete(lamp)
            await own.commit()


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Lamp(street="Elm"))
        await session.commit()
    patrol = Patrol(Session)
    async with Session() as session:
        assert await patrol.check(session, "Elm") == 1
        await patrol.copy(session, "Elm")
    await patrol.scrap("Elm")
    async with Session() as session:
        assert await session.scalar(select(func.count(Lamp.id))) == 0
