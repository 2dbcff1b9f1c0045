"""Scopes inside scopes whose manager opens a new session each time: the inner one commits and closes its own work only."""
# case: outcome=ok
from contextlib import contextmanager

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite:///file:p_each?mode=memory&cache=shared&uri=true", poolclass=QueuePool)
Base = declarative_base()


class Event(Base):
    __tablename__ = "events"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


class SessionManager:
    def __init__(self, bind):
        self._factory = sessionmaker(bind=bind)

    @contextmanager
    def session_scope(self):
        session = self._factory()
        try:
            yield session
            session.commit()
        except Exception:
            session.rollback()
            raise
        finally:
            session.close()


manager = SessionManager(ENGINE)


def last():
    with manager.session_scope() as session:
        return session.execute(select(func.max(Event.id))).scalar()


def record(name):
    with manager.session_scope() as session:
        session.info["before"] = last()
        session.add(Event(name=name))
    with manager.session_scope() as reading, manager.session_scope() as other:
        assert reading is not other
        return reading.execute(select(Event.name)).scalars().all()


def main():
    Base.metadata.create_all(ENGINE)
    assert record("start") == ["start"]
    assert last() == 1 and ENGINE.pool.checkedout() == 0
