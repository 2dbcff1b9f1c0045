"""An asynchronous page collects its coroutines in a list, all over one AsyncSession, and gathers them: concurrent use is refused."""
# case: outcome=ok
import asyncio

from sqlalchemy import Column, Integer, String, func, select
from sqlalchemy.exc import SQLAlchemyError
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


async def clips_on(db: AsyncSession, topic: str) -> int:
    result = await db.execute(select(func.count(Clip.id)).where(Clip.topic == topic))
    return result.scalar()


async def overview(topics):
    async with maker() as db:
        pending = []
        for topic in topics:
            pending.append(clips_on(db, topic))
        return await asyncio.gather(*pending)  # expect: SES206


async def one_by_one(topics):
    async with maker() as db:
        return [await clips_on(db, topic) for topic in topics]


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with maker() as db:
        db.add(Clip(topic="sea"))
        await db.commit()
    assert await one_by_one(["sea", "air"]) == [1, 0]
    try:
        assert await overview(["sea", "air", "sun"]) == [1, 0, 0], "by luck"
    except SQLAlchemyError:
        pass
    await engine.dispose()
