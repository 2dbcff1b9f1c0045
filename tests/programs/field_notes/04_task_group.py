"""Two tasks of a TaskGroup are given the same session; the group waits for them, but not for one before the other."""
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


async def weight(session, sort):
    return await session.scalar(select(func.sum(Berry.grams)).where(Berry.sort == sort))


async def rename(session, old, new):
    found = (await session.execute(select(Berry).where(Berry.sort == old))).scalars().all()
    for berry in found:
        berry.sort = new
    return len(found)


async def report(old, new):
    async with Session() as session:
        async with asyncio.TaskGroup() as group:
            before = group.create_task(weight(session, old))  # expect: SES206
            renamed = group.create_task(rename(session, old, new))  # expect: SES206
        await session.commit()
        return before.result(), renamed.result()


def main():
    print(asyncio.run(report("sloe", "blackthorn")))
