"""Rows in a dictionary of the call, and under decorators that keep nothing: the rows live no longer than their session."""
# case: outcome=ok
import time
from functools import wraps

from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
Base = declarative_base()
SECONDS = {}


class Road(Base):
    __tablename__ = "roads"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    length = Column(Integer)


def timed(function):
    @wraps(function)
    def wrapper(*args):
        start = time.perf_counter()
        try:
            return function(*args)
        finally:
            SECONDS[function.__name__] = time.perf_counter() - start

    return wrapper


@timed
def roads(session):
    return session.execute(select(Road)).scalars().all()


def by_name(session):
    found = {}
    for road in roads(session):
        found[road.name] = road
    return found


def longest():
    with Session(ENGINE) as session:
        cache = by_name(session)
        for road in cache.values():
            road.length += 1
        session.flush()
        return max(cache, key=lambda name: cache[name].length)


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add_all([Road(name="A1", length=5), Road(name="B2", length=9)])
        session.commit()
    assert longest() == "B2"
    assert set(SECONDS) == {"roads"}
    assert ENGINE.pool.checkedout() == 0
