"""An AsyncSession's own async with does not commit: the await commit() at its end is what saves the work, and so is the one of a savepoint's owner."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
maker = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Message(Base):
    __tablename__ = "messages"
    id = Column(Integer, primary_key=True)
    body = Column(String(40))


async def post(body):
    async with maker() as session:
        message = Message(body=body)
        session.add(message)
        await session.commit()
    return message.id


async def post_pair(first, second):
    async with maker() as session:
        async with session.begin_nested():
            session.add(Message(body=first))
        session.add(Message(body=second))
        await session.commit()


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    assert await post("hello") == 1
    await post_pair("good", "bye")
    async with maker() as session:
        assert (await session.execute(select(func.count(Message.id)))).scalar() == 3
    await engine.dispose()
