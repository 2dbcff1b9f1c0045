"""A flush expires no plain column; after a rollback the row is refreshed before it is named, or its name was taken beforehand."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession)
Base = declarative_base()


class Channel(Base):
    __tablename__ = "channel"
    id = Column(Integer, primary_key=True)
    name = Column(String(20), unique=True)
    topic = Column(String(40))


async def create(name):
    async with Session() as session:
        channel = Channel(name=name, topic="none")
        session.add(channel)
        await session.flush()
        created = f"{channel.id} {channel.name}"
        await session.commit()
        return created


async def rename(old, new):
    async with Session() as session:
        channel = (await session.execute(select(Channel).where(Channel.name == old))).scalar_one()
        try:
            channel.name = new
            await session.commit()
        except IntegrityError:
            await session.rollback()
            await session.refresh(channel)
            return f"{channel.name} stays"
        return f"{new} replaces {old}"


async def retitle(name, topic):
    async with Session() as session:
        channel = (await session.execute(select(Channel).where(Channel.name == name))).scalar_one()
        label = channel.name
        channel.topic = topic
        await session.rollback()
        return f"{label} unchanged"


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    assert [await create("news"), await create("chat")] == ["1 news", "2 chat"]
    assert await rename("chat", "news") == "chat stays"
    assert await rename("chat", "talk") == "talk replaces chat"
    assert await retitle("talk", "weather") == "talk unchanged"
