"""The authors were loaded but nobody keeps them: the identity map is weak, and the many-to-one has to ask the database."""
# case: outcome=MissingGreenlet
import gc

from sqlalchemy import Column, ForeignKey, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession)
Base = declarative_base()


class Choir(Base):
    __tablename__ = "choir"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


class Singer(Base):
    __tablename__ = "singer"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    choir_id = Column(ForeignKey("choir.id"))
    choir = relationship(Choir)


async def choir_names(session):
    return [choir.name for choir in (await session.scalars(select(Choir))).all()]


async def roll():
    async with Session() as session:
        names = await choir_names(session)
        gc.collect()
        singers = (await session.scalars(select(Singer))).all()
        rows = [f"{singer.name} of {singer.choir.name}" for singer in singers]  # expect: SES303
        return names, rows


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Singer(name="Bo", choir=Choir(name="Fifth")))
        await session.commit()
    print(await roll())
