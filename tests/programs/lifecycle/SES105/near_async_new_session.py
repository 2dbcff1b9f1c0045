"""After a failure the work goes on in another session, or in none: the one that failed is closed by its own async with."""
# case: outcome=ok
from sqlalchemy import CheckConstraint, Column, Integer, String, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
maker = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Bid(Base):
    __tablename__ = "bids"
    __table_args__ = (CheckConstraint("cents > 0"),)
    id = Column(Integer, primary_key=True)
    bidder = Column(String(20))
    cents = Column(Integer)


async def bid(bidder, cents):
    async with maker() as session:
        session.add(Bid(bidder=bidder, cents=cents))
        try:
            await session.commit()
        except IntegrityError:
            return "refused"
    return "accepted"


async def bid_all(bids):
    refused = []
    for bidder, cents in bids:
        session = maker()
        try:
            session.add(Bid(bidder=bidder, cents=cents))
            await session.commit()
        except IntegrityError:
            refused.append(bidder)
        finally:
            await session.close()
    async with maker() as session:
        total = (await session.execute(select(func.count(Bid.id)))).scalar()
    return refused, total


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    assert await bid("Ann", 5) == "accepted"
    assert await bid("Ben", -1) == "refused"
    assert await bid_all([("Cem", 0), ("Dan", 9)]) == (["Cem"], 2)
    await engine.dispose()
