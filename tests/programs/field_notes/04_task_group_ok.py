"""Each task of the group opens its own session; the group only gets a factory, a number and a string."""
# case: outcome=static
import asyncio

from sqlalchemy import Column, Integer, String, func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker

engine = create_async_engine("sqlite+aiosqlite://")
Session = sessionmaker(engine, class_=AsyncSession)
Base = declarative_base()


class Berry(Base):
    __tablename__ = "berry"
    id = Column(Integer, primary_key=True)
    sort = Column(String(20))
    grams = Column(Integer)


async def weight(sort):
    async with Session() as session:
        return await session.scalar(select(func.sum(Berry.grams)).where(Berry.sort == sort))


async def rename(factory, berry_id, new):
    async with factory() as session:
        berry = await session.get(Berry, berry_id)
        berry.sort = new
        await session.commit()


async def report(sort, new):
    async with Session() as session:
        first = await session.scalar(select(Berry).where(Berry.sort == sort))
        berry_id = first.id
    async with asyncio.TaskGroup() as group:
        before = group.create_task(weight(sort))
        group.create_task(rename(Session, berry_id, new))
    return before.result()


def main():
    print(asyncio.run(report("sloe", "blackthorn")))
