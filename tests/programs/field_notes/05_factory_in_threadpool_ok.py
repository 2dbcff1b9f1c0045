"""The session that the thread pool made is closed in a `finally`, or is put into a `with` straight away."""
# case: outcome=ok
import asyncio

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool
from starlette.concurrency import run_in_threadpool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(ENGINE)
Base = declarative_base()


class Flag(Base):
    __tablename__ = "flag"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


async def flags(name):
    session = await run_in_threadpool(SessionLocal)
    try:
        return session.query(Flag).filter_by(name=name).count()
    finally:
        session.close()


async def names():
    with await run_in_threadpool(SessionLocal) as session:
        return [flag.name for flag in session.query(Flag)]


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal.begin() as session:
        session.add(Flag(name="dark"))
    assert asyncio.run(flags("dark")) == 1
    assert asyncio.run(names()) == ["dark"]
