"""Two groups of deferred columns; the query undefers one of them, and the async handler reads a column of the other."""
# case: outcome=MissingGreenlet
from sqlalchemy import Column, Integer, String, Text, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, deferred, sessionmaker, undefer_group
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


async def show(pk):
    async with Session() as session:
        statement = select(Dossier).where(Dossier.id == pk).options(undefer_group("text"))
        dossier = (await session.execute(statement)).scalar_one()
        shown = [dossier.label, dossier.summary]
        shown.append(dossier.history)  # expect: SES303
        return shown


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Dossier(label="A", summary="short", history="long"))
        await session.commit()
    print(await show(1))
