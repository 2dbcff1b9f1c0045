"""The loop reads and flushes; the only commit is behind it. A second loop commits each turn and reads the next letter by a query."""
# case: outcome=ok
from sqlalchemy import Boolean, Column, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Base = declarative_base()


class Letter(Base):
    __tablename__ = "letter"
    id = Column(Integer, primary_key=True)
    address = Column(String(40))
    posted = Column(Boolean, default=False)


def unposted():
    return select(Letter).where(Letter.posted.is_(False)).order_by(Letter.id)


async def post(session):
    waiting = list((await session.scalars(unposted())).all())
    addresses = []
    while waiting:
        letter = waiting.pop()
        addresses.append(letter.address)
        letter.posted = True
        await session.flush()
    await session.commit()
    return addresses


async def post_one_by_one(session):
    addresses = []
    while (letter := await session.scalar(unposted().limit(1))) is not None:
        addresses.append(letter.address)
        letter.posted = True
        await session.commit()
    return addresses


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    for way, expected in ((post, ["Linz", "Graz"]), (post_one_by_one, ["Graz", "Linz"])):
        async with AsyncSession(engine) as session:
            session.add_all([Letter(address="Graz"), Letter(address="Linz")])
            await session.commit()
        async with AsyncSession(engine) as session:
            assert await way(session) == expected
