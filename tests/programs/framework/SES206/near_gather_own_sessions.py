"""Concurrent coroutines with a session each, beside a gather that has nothing to do with the open session, and awaits one after the other."""
# case: outcome=ok
import asyncio

from sqlalchemy import Column, Integer, String, func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
maker = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Clip(Base):
    __tablename__ = "clips"
    id = Column(Integer, primary_key=True)
    topic = Column(String(20))


async def clips_on(topic):
    async with maker() as db:
        return (await db.execute(select(func.count(Clip.id)).where(Clip.topic == topic))).scalar()


async def shout(word):
    await asyncio.sleep(0)
    return word.upper()


async def insert(db, topics):
    for topic in topics:
        db.add(Clip(topic=topic))
        await db.flush()


async def fill(topics):
    async with maker() as db:
        loud = await asyncio.gather(*(shout(topic) for topic in topics))
        await insert(db, loud)
        clip = (await db.execute(select(Clip).limit(1))).scalars().one()
        title = await asyncio.create_task(shout(clip.topic))
        await db.commit()
    return title


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    assert await fill(["sea", "air"]) == "SEA"
    assert await asyncio.gather(*[clips_on(topic) for topic in ("SEA", "sun")]) == [1, 0]
    await engine.dispose()
