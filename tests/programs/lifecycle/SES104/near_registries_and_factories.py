"""Module-level things around sessions that share nothing: a registry, factories, a manager that opens one per call, a None to be filled by an argument."""
# case: outcome=ok
import threading
from functools import partial

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import Session, declarative_base, scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base = declarative_base()
factory = sessionmaker(bind=ENGINE)
registry = scoped_session(factory)
open_session = partial(Session, ENGINE)


class Wine(Base):
    __tablename__ = "wines"
    id = Column(Integer, primary_key=True)
    grape = Column(String(20))


class Cellar:
    sessions = factory

    def __init__(self, make=open_session):
        self.make = make

    def add(self, grape):
        with self.make() as session:
            session.add(Wine(grape=grape))
            session.commit()

    def count(self):
        with self.sessions() as session:
            return session.execute(select(func.count(Wine.id))).scalar()


cellar = Cellar()


def grapes(session=None):
    return (session or registry).execute(select(Wine.grape)).scalars().all()


def main():
    Base.metadata.create_all(ENGINE)
    worker = threading.Thread(target=cellar.add, args=("Merlot",))
    worker.start()
    worker.join()
    assert cellar.count() == 1
    try:
        assert grapes() == ["Merlot"]
    finally:
        registry.remove()
