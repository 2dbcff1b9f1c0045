"""Commits and rollbacks end a transaction, not the session; a scope's session is used to the last line of the scope and a new one after it."""
# case: outcome=ok
from contextlib import contextmanager

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite:///file:p_ended?mode=memory&cache=shared&uri=true", poolclass=QueuePool)
maker = sessionmaker(bind=ENGINE)
registry = scoped_session(maker)
Base = declarative_base()


class Kiln(Base):
    __tablename__ = "kilns"
    id = Column(Integer, primary_key=True)
    state = Column(String(10))


@contextmanager
def scope():
    session = maker()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


def fire(states):
    with scope() as session:
        session.add_all([Kiln(state=state) for state in states])
        session.commit()
        session.add(Kiln(state="spare"))
        session.rollback()
        first = session.execute(select(func.count(Kiln.id))).scalar()
    with scope() as session:
        return first, session.execute(select(func.min(Kiln.state))).scalar()


def by_registry():
    registry.add(Kiln(state="cold"))
    registry.commit()
    registry.remove()
    try:
        return registry.execute(select(func.count(Kiln.id))).scalar()
    finally:
        registry.remove()


def main():
    Base.metadata.create_all(ENGINE)
    assert fire(["hot", "warm"]) == (2, "hot")
    assert by_registry() == 3
    assert ENGINE.pool.checkedout() == 0
