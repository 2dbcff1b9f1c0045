"""FastAPI: a dependency class loads the member with the request's session; a helper of the endpoint rolls that session back after a clash."""
# case: outcome=MissingGreenlet
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Header
from fastapi.testclient import TestClient
from sqlalchemy import Column, Integer, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
make_session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Member(Base):
    __tablename__ = "member"
    id = Column(Integer, primary_key=True)
    mail = Column(String(40))


class Vote(Base):
    __tablename__ = "vote"
    topic = Column(String(20), primary_key=True)
    member_id = Column(Integer, primary_key=True)


async def request_session():
    async with make_session() as session:
        yield session


async def current_member(x_mail: str = Header(), session: AsyncSession = Depends(request_session)) -> Member:
    return (await session.scalars(select(Member).where(Member.mail == x_mail))).one()


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with make_session() as session:
        session.add(Member(mail="m@x.org"))
        await session.commit()
    yield


app = FastAPI(lifespan=lifespan)


async def count_vote(session: AsyncSession, topic: str, member_id: int) -> bool:
    session.add(Vote(topic=topic, member_id=member_id))
    try:
        await session.commit()
    except IntegrityError:
        await session.rollback()
        return False
    return True


@app.post("/votes/{topic}")
async def vote(
    topic: str, member: Member = Depends(current_member), session: AsyncSession = Depends(request_session)
) -> dict:
    counted = await count_vote(session, topic, member.id)
    return {"by": member.mail, "counted": counted}  # expect: SES303


def main():
    with TestClient(app) as client:
        first = client.post("/votes/tea", headers={"x-mail": "m@x.org"})
        assert first.json() == {"by": "m@x.org", "counted": True}
        client.post("/votes/tea", headers={"x-mail": "m@x.org"})
