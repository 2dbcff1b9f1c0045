"""An asynchronous importer closes its session at the end of a batch and then, in the summary, counts through it."""
# case: outcome=leak sqlalchemy=>=2.0
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import AsyncAdaptedQueuePool

ENGINE = create_async_engine("sqlite+aiosqlite://", poolclass=AsyncAdaptedQueuePool)
async_session = async_sessionmaker(ENGINE)
HELD = []
event.listen(ENGINE.sync_engine, "checkout", lambda *arguments: HELD.append(arguments))


class Base(DeclarativeBase):
    pass


class Plant(Base):
    __tablename__ = "plants"
    id: Mapped[int] = mapped_column(primary_key=True)
    latin: Mapped[str]


class PlantImport:
    def __init__(self) -> None:
        self.session = async_session()

    async def load(self, names: list[str]) -> None:
        self.session.add_all(Plant(latin=name) for name in names)
        await self.session.commit()

    async def finish(self) -> None:
        await self.session.close()

    async def summary(self) -> str:
        total = await self.session.scalar(select(func.count(Plant.id)))  # expect: SES103
        return f"{total} plants"


async def run(names: list[str]) -> str:
    job = PlantImport()
    try:
        await job.load(names)
    finally:
        await job.finish()
    return await job.summary()


async def main() -> None:
    async with ENGINE.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    assert await run(["Bellis", "Rosa"]) == "2 plants"
