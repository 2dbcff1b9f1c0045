"""The same list is awaited one by one; where jobs are gathered, each opens a session of its own."""
# case: outcome=ok sqlalchemy=>=2.0
import asyncio

from sqlalchemy import Column, Integer, String, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import declarative_base
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = async_sessionmaker(engine)
Base = declarative_base()


class Visit(Base):
    __tablename__ = "visit"
    id = Column(Integer, primary_key=True)
    page = Column(String(20))


async def count(session: AsyncSession, page: str) -> int:
    return await session.scalar(select(func.count()).where(Visit.page == page))


async def count_alone(page: str) -> int:
    async with Session() as session:
        return await count(session, page)


async def counts_in_turn(*pages):
    async with Session() as session:
        jobs = []
        for page in pages:
            jobs.append(count(session, page))
        return [await job for job in jobs]


async def counts_at_once(*pages):
    return await asyncio.gather(*[count_alone(page) for page in pages])


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session.begin() as session:
        session.add_all([Visit(page="home"), Visit(page="shop")])
    assert await counts_in_turn("home", "shop", "help") == [1, 1, 0]
    assert await counts_at_once("home", "help") == [1, 0]
