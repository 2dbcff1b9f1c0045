"""`merge` answers with a copy that belongs to the session: its columns are there, its watchers are not, and the loop asks for them."""
# case: outcome=MissingGreenlet
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession)
Base = declarative_base()


class Issue(Base):
    __tablename__ = "issue"
    id = Column(Integer, primary_key=True)
    state = Column(String(10))
    watchers = relationship("Watcher")


class Watcher(Base):
    __tablename__ = "watcher"
    id = Column(Integer, primary_key=True)
    issue_id = Column(ForeignKey("issue.id"))
    email = Column(String(40))


async def pick(pk):
    async with Session() as session:
        return await session.get(Issue, pk)


async def close_issue(issue):
    recipients = []
    async with Session() as session:
        mine = await session.merge(issue)
        if mine.state != "closed":
            mine.state = "closed"
            for watcher in mine.watchers:  # expect: SES303
                recipients.append(watcher.email)
        await session.commit()
    return recipients


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Issue(state="open", watchers=[Watcher(email="w@x.org")]))
        await session.commit()
    print(await close_issue(await pick(1)))
