"""Asynchronous sessions that are closed whatever happens: early return, exception and loop jump all pass the finally or leave the async with."""
# case: outcome=ok
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy import Column, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
maker = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()
CLOSED = []


class Track(Base):
    __tablename__ = "tracks"
    id = Column(Integer, primary_key=True)
    title = Column(String(30))


class CountedSession(AsyncSession):
    async def close(self):
        CLOSED.append(self)
        await super().close()


counted = sessionmaker(engine, class_=CountedSession, expire_on_commit=False)


@asynccontextmanager
async def player():
    session = counted()
    try:
        yield session
    finally:
        await session.close()


async def title_of(track_id):
    session = counted()
    try:
        track = await session.get(Track, track_id)
        if track is None:
            return None
        return track.title
    finally:
        await session.close()


async def first_of(ids):
    for track_id in ids:
        async with player() as session:
            track = await session.get(Track, track_id)
            if track is None:
                continue
            return track.title
    return None


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(maker())
        session.add(Track(id=3, title="Aria"))
        await session.commit()
    assert await title_of(3) == "Aria" and await title_of(4) is None
    assert await first_of([1, 2, 3]) == "Aria"
    assert len(CLOSED) == 5
    await engine.dispose()
