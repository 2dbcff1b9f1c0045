"""Rows are streamed with `async for`; a helper that formats each of them follows a many-to-one, and another one a deferred column."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, Text, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, deferred, relationship, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession)
Base = declarative_base()


class Author(Base):
    __tablename__ = "author"
    id = Column(Integer, primary_key=True)
    penname = Column(String(40))


class Poem(Base):
    __tablename__ = "poem"
    id = Column(Integer, primary_key=True)
    title = Column(String(40))
    verses = deferred(Column(Text))
    author_id = Column(ForeignKey("author.id"))
    author = relationship(Author)


def line(poem):
    return f"{poem.title} by {poem.author.penname}"  # expect: SES303


def first_words(poem):
    return poem.verses[:12]  # expect: SES303


async def poems(session):
    stream = await session.stream(select(Poem).order_by(Poem.title))
    async for poem in stream.scalars():
        yield poem


async def catalogue(tell):
    told = []
    async with Session() as session:
        async for poem in poems(session):
            told.append(tell(poem))  # allow: SES303
    return told


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Poem(title="Rain", verses="It falls on every roof", author=Author(penname="M.")))
        await session.commit()
    failed = []
    for tell in (line, first_words):
        try:
            await catalogue(tell)
        except SQLAlchemyError:
            failed.append(tell.__name__)
    assert failed == ["line", "first_words"]
