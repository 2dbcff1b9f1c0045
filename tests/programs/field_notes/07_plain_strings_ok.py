"""What is read behind the commit are strings: a column select, a named tuple and a parsed dictionary, with names like those of a model."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession)
Base = declarative_base()


class Profile(Base):
    __tablename__ = "profile"
    id = Column(Integer, primary_key=True)
    nick = Column(String(20))
    visits = Column(Integer, default=0)


async def visit(nick):
    async with Session() as session:
        row = (await session.execute(select(Profile.id, Profile.nick).where(Profile.nick == nick))).one()
        profile = await session.get(Profile, row.id)
        profile.visits += 1
        await session.commit()
        return f"{row.nick} #{row.id}"


async def all_nicks():
    async with Session() as session:
        nicks = (await session.scalars(select(Profile.nick))).all()
        await session.rollback()
        return [nick.upper() for nick in nicks]


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Profile(nick="ulf"))
        await session.commit()
    assert await visit("ulf") == "ulf #1"
    assert await all_nicks() == ["ULF"]
