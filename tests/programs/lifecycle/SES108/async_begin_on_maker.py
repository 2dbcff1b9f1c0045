"""`async with maker.begin()` commits and closes; the job awaits both once more before it leaves the block."""
# case: outcome=ok sqlalchemy=>=2.0
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
maker = async_sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class Alarm(Base):
    __tablename__ = "alarms"
    id: Mapped[int] = mapped_column(primary_key=True)
    armed: Mapped[bool] = mapped_column(default=True)


async def install(number: int) -> None:
    async with maker.begin() as session:
        session.add_all(Alarm() for _ in range(number))
        await session.flush()
        await session.commit()  # expect: SES108


async def disarm(alarm_id: int) -> None:
    async with maker.begin() as session:
        await session.execute(update(Alarm).where(Alarm.id == alarm_id).values(armed=False))


async def armed() -> int:
    async with maker() as session:
        number = await session.scalar(select(func.count(Alarm.id)).where(Alarm.armed))
        await session.close()  # expect: SES108
        return number


async def main() -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await install(3)
    await disarm(2)
    assert await armed() == 2
    await engine.dispose()
