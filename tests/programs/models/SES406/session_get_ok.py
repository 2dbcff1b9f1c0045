"""`Session.get` in its spellings, sync and async, with options and locks; and `get` of dictionaries that a query has filled."""
# case: outcome=ok
import asyncio

from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, load_only, scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://")
async_engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(ENGINE)
Registry = scoped_session(Session)
Base = declarative_base()


class Stamp(Base):
    __tablename__ = "stamp"
    id = Column(Integer, primary_key=True)
    country = Column(String(30))
    year = Column(Integer)


def lookups(session, pk):
    by_id = {stamp.id: stamp for stamp in session.query(Stamp)}
    return [
        session.get(Stamp, pk),
        session.get(Stamp, pk, options=[load_only(Stamp.country)]),
        session.get(Stamp, pk, with_for_update=True),
        by_id.get(pk),
        session.query(Stamp).filter_by(id=pk).first(),
        Registry.get(Stamp, pk),
    ]


async def lookup(pk):
    async with async_engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(async_engine) as session:
        session.add(Stamp(id=pk, country="Mali"))
        await session.flush()
        found = await session.get(Stamp, pk)
        years = dict((await session.execute(select(Stamp.id, Stamp.year))).all())
        return found.country, years.get(pk)


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Stamp(country="Peru"))
        session.commit()
        assert {stamp.country for stamp in lookups(session, 1)} == {"Peru"}
    Registry.remove()
    assert asyncio.run(lookup(4)) == ("Mali", None)
