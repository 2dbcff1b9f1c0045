"""Async: a job reads with a session of its own and enlists what it found with the request's session, while its own is open still."""
# case: outcome=InvalidRequestError
from sqlalchemy import Boolean, Column, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Lamp(Base):
    __tablename__ = "lamp"
    id = Column(Integer, primary_key=True)
    street = Column(String(20))
    broken = Column(Boolean, default=False)


class Patrol:
    def __init__(self, factory):
        self.factory = factory

    async def check(self, session, street):
        async with self.factory() as own:
            lamps = (await own.execute(select(Lamp).where(Lamp.street == street))).scalars().all()
            for lamp in lamps:
                lamp.broken = True
            session.add_all(lamps)  # expect: SES308
            await session.commit()
            return len(lamps)


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Lamp(street="Elm"))
        await session.commit()
    async with Session() as session:
        print(await Patrol(Session).check(session, "Elm"))
