"""The result of merge is what goes on being used: rebound, returned, taken in the same expression, awaited."""
# case: outcome=ok
import asyncio

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, declarative_base, relationship
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://")
async_engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Base = declarative_base()


class Writer(Base):
    __tablename__ = "writer"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))
    drafts = relationship("Draft")


class Draft(Base):
    __tablename__ = "draft"
    id = Column(Integer, primary_key=True)
    writer_id = Column(ForeignKey("writer.id"))
    title = Column(String(40))


def find(name):
    with Session(ENGINE) as session:
        return session.scalars(select(Writer).where(Writer.name == name)).one()


def titles(writer):
    with Session(ENGINE) as session:
        writer = session.merge(writer)
        return [draft.title for draft in writer.drafts]


def count(writer):
    with Session(ENGINE) as session:
        return len(session.merge(writer).drafts)


async def rename(writer, name):
    async with AsyncSession(async_engine) as session:
        mine = await session.merge(writer)
        mine.name = name
        await session.commit()
        await session.refresh(mine)
        return mine.name


async def asynchronous(writer):
    async with async_engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    return await rename(writer, "Zo")


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Writer(name="Oz", drafts=[Draft(title="One")]))
        session.commit()
    assert titles(find("Oz")) == ["One"] and count(find("Oz")) == 1
    assert asyncio.run(asynchronous(Writer(id=7, name="Oz"))) == "Zo"
