"""An asynchronous importer reads its sources, then calls each one's web service while the session and its connection are held."""
# case: outcome=ok select=SES109 sqlalchemy=>=2.0
import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import AsyncAdaptedQueuePool

ENGINE = create_async_engine("sqlite+aiosqlite://", poolclass=AsyncAdaptedQueuePool)
maker = async_sessionmaker(ENGINE, expire_on_commit=False)
taken: list[int] = []


class Base(DeclarativeBase):
    pass


class Feed(Base):
    __tablename__ = "feeds"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    status: Mapped[int] = mapped_column(default=0)


def answer(request: httpx.Request) -> httpx.Response:
    taken.append(ENGINE.sync_engine.pool.checkedout())
    return httpx.Response(204)


async def poll() -> list[int]:
    async with maker() as session:
        feeds = (await session.scalars(select(Feed))).all()
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            for feed in feeds:
                response = await client.get(feed.url)  # expect: SES109
                feed.status = response.status_code
        await session.commit()
    return [feed.status for feed in feeds]


async def main() -> None:
    async with ENGINE.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with maker.begin() as session:
        session.add(Feed(url="https://feeds.invalid/a"))
    assert await poll() == [204]
    assert taken == [1]
