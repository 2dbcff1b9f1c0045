"""Under an async session a many-to-one whose target the function holds costs no IO, also where `get` has brought the target."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Yard(Base):
    __tablename__ = "yard"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


class Hull(Base):
    __tablename__ = "hull"
    id = Column(Integer, primary_key=True)
    number = Column(String(20))
    yard_id = Column(ForeignKey("yard.id"))
    yard = relationship(Yard)


async def hulls(yard_id):
    async with Session() as session:
        yard = await session.get(Yard, yard_id)
        found = await session.scalars(select(Hull).where(Hull.yard_id == yard_id))
        rows = [f"{hull.number}/{hull.yard.name}" for hull in found]
        return yard.name, rows


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Hull(number="12", yard=Yard(name="Odense")))
        await session.commit()
    assert await hulls(1) == ("Odense", ["12/Odense"])
