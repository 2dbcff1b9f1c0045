"""Coroutines that share one session are collected in a list and gathered: the list is harmless, running them at once is not."""
# case: outcome=ok sqlalchemy=>=2.0
import asyncio
import tempfile

from sqlalchemy import Column, Integer, String, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import declarative_base
from sqlalchemy.pool import NullPool

folder = tempfile.TemporaryDirectory()
engine = create_async_engine(f"sqlite+aiosqlite:///{folder.name}/visits.db", poolclass=NullPool)
Session = async_sessionmaker(engine)
Base = declarative_base()


class Visit(Base):
    __tablename__ = "visit"
    id = Column(Integer, primary_key=True)
    page = Column(String(20))


async def count(session: AsyncSession, page: str) -> int:
    return await session.scalar(select(func.count()).where(Visit.page == page))


async def counts(*pages):
    async with Session() as session:
        jobs = []
        for page in pages:
            jobs.append(count(session, page))  # allow: SES206
        return await asyncio.gather(*jobs, return_exceptions=True)  # expect: SES206


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session.begin() as session:
        session.add_all([Visit(page="home"), Visit(page="shop")])
    results = await counts("home", "shop", "help")
    assert any(isinstance(result, SQLAlchemyError) for result in results), results
