"""The close of an asynchronous session stands after the work instead of in a finally: a missing parcel leaves the connection behind."""
# case: outcome=leak
from sqlalchemy import Column, Integer, String, event, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker

try:
    from sqlalchemy.pool import AsyncAdaptedQueuePool
except ImportError:
    from sqlalchemy.pool.impl import AsyncAdaptedQueuePool

ENGINE = create_async_engine("sqlite+aiosqlite://", poolclass=AsyncAdaptedQueuePool)
AsyncSessionLocal = sessionmaker(ENGINE, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()
HELD = []
event.listen(ENGINE.sync_engine, "checkout", lambda *arguments: HELD.append(arguments))


class Parcel(Base):
    __tablename__ = "parcels"
    code = Column(String(12), primary_key=True)
    grams = Column(Integer)


class Scale:
    async def weigh(self, code: str) -> int:
        db = AsyncSessionLocal()  # expect: SES102
        result = await db.execute(select(Parcel.grams).where(Parcel.code == code))
        grams = result.scalar_one()
        await db.close()
        return grams

    async def register(self, code: str, grams: int) -> None:
        db = AsyncSessionLocal()
        try:
            db.add(Parcel(code=code, grams=grams))
            await db.commit()
        finally:
            await db.close()


async def main():
    async with ENGINE.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    scale = Scale()
    await scale.register("A1", 800)
    assert await scale.weigh("A1") == 800
    assert ENGINE.sync_engine.pool.checkedout() == 0
    try:
        await scale.weigh("B2")
    except NoResultFound:
        return
    raise AssertionError("B2 does not exist")
