"""While loop over a list of letters: the first turn commits through a helper and so expires the letters that later turns read."""
# case: outcome=MissingGreenlet
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


async def mark(session, letter):
    letter.posted = True
    await session.commit()


async def post(session):
    result = await session.scalars(select(Letter).where(Letter.posted.is_(False)))
    waiting = list(result.all())
    addresses = []
    while waiting:
        letter = waiting.pop()
        addresses.append(letter.address)  # expect: SES303
        await mark(session, letter)
    return addresses


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        session.add_all([Letter(address="Graz"), Letter(address="Linz")])
        await session.commit()
    async with AsyncSession(engine) as session:
        await post(session)
