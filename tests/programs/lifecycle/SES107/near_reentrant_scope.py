"""A request's manager that knows about nesting: an inner scope hands out the outer session and leaves the end to the outer one."""
# case: outcome=ok
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base = declarative_base()


class Move(Base):
    __tablename__ = "moves"
    id = Column(Integer, primary_key=True)
    square = Column(String(2))


class SessionManager:
    def __init__(self, bind):
        self.factory = sessionmaker(bind=bind)
        self.current = ContextVar("current", default=None)

    @contextmanager
    def get_db_session(self):
        outer = self.current.get()
        if outer is not None:
            yield outer
            return
        with self.factory() as session:
            token = self.current.set(session)
            try:
                yield session
                session.commit()
            finally:
                self.current.reset(token)


manager = SessionManager(ENGINE)


def play(square):
    with manager.get_db_session() as session:
        session.add(Move(square=square))


def castle(fail):
    with manager.get_db_session() as session:
        play("g1")
        play("f1")
        if fail:
            raise ValueError("in check")
        return session.execute(select(func.count(Move.id))).scalar()


def main():
    Base.metadata.create_all(ENGINE)
    try:
        castle(fail=True)
    except ValueError:
        pass
    assert castle(fail=False) == 2
    with manager.get_db_session() as session:
        assert session.execute(select(func.count(Move.id))).scalar() == 2
