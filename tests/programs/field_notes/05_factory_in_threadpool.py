"""The factory itself is handed to `run_in_threadpool`, which calls it and gives the session back; an early return forgets it."""
# case: outcome=leak
import asyncio

from sqlalchemy import Column, Integer, String, create_engine, event
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool
from starlette.concurrency import run_in_threadpool

ENGINE = create_engine(
    "sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args={"check_same_thread": False}
)
SessionLocal = sessionmaker(ENGINE)
Base = declarative_base()
held = []
event.listen(ENGINE, "checkout", lambda *what: held.append(what))


class Flag(Base):
    __tablename__ = "flag"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


async def flags(name):
    session = await run_in_threadpool(SessionLocal)  # expect: SES102
    found = session.query(Flag).filter_by(name=name).count()
    if not found:
        return 0
    session.close()
    return found


def main():
    Base.metadata.create_all(ENGINE)
    assert asyncio.run(flags("dark")) == 0
