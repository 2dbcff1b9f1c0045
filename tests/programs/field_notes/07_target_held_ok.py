"""The choirs are kept in a dictionary while the singers are read, so each many-to-one is answered by the identity map."""
# case: outcome=ok
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


async def choirs_by_name(session):
    return {choir.name: choir for choir in (await session.scalars(select(Choir))).all()}


async def roll():
    async with Session() as session:
        choirs = await choirs_by_name(session)
        singers = (await session.scalars(select(Singer))).all()
        rows = [f"{singer.name} of {singer.choir.name}" for singer in singers]
        return sorted(choirs), rows


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Singer(name="Bo", choir=Choir(name="Fifth")))
        await session.commit()
    assert await roll() == (["Fifth"], ["Bo of Fifth"])
