"""An asynchronous service tries to insert a tag, and on a clash reads the one that is there, without a rollback in between."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, select
from sqlalchemy.exc import IntegrityError, PendingRollbackError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Base = declarative_base()


class Tag(Base):
    __tablename__ = "tags"
    id = Column(Integer, primary_key=True)
    word = Column(String(20), unique=True)


class TagService:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def ensure(self, word: str) -> int:
        tag = Tag(word=word)
        self.session.add(tag)
        try:
            await self.session.flush()
        except IntegrityError:  # expect: SES105
            return await self.find(word)
        return tag.id

    async def find(self, word: str) -> int:
        result = await self.session.execute(select(Tag.id).where(Tag.word == word))
        return result.scalar_one()


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        assert await TagService(session).ensure("blue") == 1
        await session.commit()
    try:
        async with AsyncSession(engine) as session:
            await TagService(session).ensure("blue")
    except PendingRollbackError:
        return
    finally:
        await engine.dispose()
    raise AssertionError("the clash did no harm")
