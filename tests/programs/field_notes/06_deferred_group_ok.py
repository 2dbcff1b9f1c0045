"""The query undefers both groups, or the wildcard, or the single column by name."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, Text, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, deferred, sessionmaker, undefer, undefer_group
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession)
Base = declarative_base()


class Dossier(Base):
    __tablename__ = "dossier"
    id = Column(Integer, primary_key=True)
    label = Column(String(40))
    summary = deferred(Column(Text), group="text")
    history = deferred(Column(Text), group="archive")


async def show(pk, *options):
    async with Session() as session:
        statement = select(Dossier).where(Dossier.id == pk).options(*options)
        dossier = (await session.execute(statement)).scalar_one()
        return [dossier.label, dossier.summary, dossier.history]


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Dossier(label="A", summary="short", history="long"))
        await session.commit()
    shown = [
        await show(1, undefer_group("text"), undefer_group("archive")),
        await show(1, undefer("*")),
        await show(1, undefer(Dossier.summary), undefer(Dossier.history)),
    ]
    assert shown == [["A", "short", "long"]] * 3
