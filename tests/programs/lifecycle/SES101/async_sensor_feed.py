"""A sensor feed with an asynchronous manager on the application's state; every handler takes a session of its own from it."""
# case: outcome=ok
from types import SimpleNamespace

from sqlalchemy import Column, Float, Integer, func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Base = declarative_base()


class Reading(Base):
    __tablename__ = "readings"
    id = Column(Integer, primary_key=True)
    celsius = Column(Float)


class AsyncDatabaseManager:
    def __init__(self, bind):
        self._factory = sessionmaker(bind, class_=AsyncSession, expire_on_commit=False)

    def get_session(self) -> AsyncSession:
        return self._factory()


app = SimpleNamespace(state=SimpleNamespace(db_manager=AsyncDatabaseManager(engine)))


async def record(celsius: float) -> None:
    session = app.state.db_manager.get_session()  # expect: SES101
    try:
        session.add(Reading(celsius=celsius))
        await session.commit()
    finally:
        await session.close()


async def hottest() -> float:
    async with app.state.db_manager.get_session() as session:  # expect: SES101
        return (await session.execute(select(func.max(Reading.celsius)))).scalar()


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await record(19.5)
    await record(23.25)
    assert await hottest() == 23.25
    await engine.dispose()
