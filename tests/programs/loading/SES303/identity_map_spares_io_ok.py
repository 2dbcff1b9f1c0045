"""All authors were loaded before and are held in a list, so each many-to-one finds its target in the identity map without IO."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, Text, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, deferred, relationship, sessionmaker, undefer
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
    return f"{poem.title} by {poem.author.penname}"


async def catalogue():
    async with Session() as session:
        authors = (await session.scalars(select(Author))).all()
        poems = (await session.scalars(select(Poem))).all()
        lines = [line(poem) for poem in poems]
        lines.append(f"{len(authors)} authors")
        return lines


async def beginnings():
    async with Session() as session:
        stream = await session.stream(select(Poem).options(undefer(Poem.verses)))
        return [poem.verses[:4] async for poem in stream.scalars()]


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Poem(title="Rain", verses="It falls on every roof", author=Author(penname="M.")))
        await session.commit()
    assert await catalogue() == ["Rain by M.", "1 authors"]
    assert await beginnings() == ["It f"]
