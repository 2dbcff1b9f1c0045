"""Results, counts, a callable that takes a session, and a session yielded from a scope: nothing that leaves a with carries the session."""
# case: outcome=ok
from contextlib import contextmanager

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
new_session = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Medal(Base):
    __tablename__ = "medals"
    id = Column(Integer, primary_key=True)
    metal = Column(String(10))


class MedalQuery:
    def __init__(self, session):
        self.session = session

    def count(self, metal):
        return self.session.execute(select(func.count(Medal.id)).where(Medal.metal == metal)).scalar()


class Board:
    def __init__(self):
        self.metals = []
        self.bind = None

    def refresh(self):
        with new_session() as session:
            query = MedalQuery(session)
            self.metals = [(metal, query.count(metal)) for metal in ("gold", "tin")]
            self.bind = session.get_bind()
        return self


@contextmanager
def writing():
    with new_session() as session:
        yield session
        session.commit()


def counter(metal):
    def run(session):
        return MedalQuery(session).count(metal)

    return run


def run(work):
    with new_session() as session:
        return work(session)


def main():
    Base.metadata.create_all(ENGINE)
    with writing() as session:
        session.add(Medal(metal="gold"))
    assert Board().refresh().metals == [("gold", 1), ("tin", 0)]
    assert run(counter("gold")) == 1
    assert ENGINE.pool.checkedout() == 0
