"""Scopes of one request manager that never overlap: the second opens after the first has ended, and the helper is given the session."""
# case: outcome=ok
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base = declarative_base()


class Leaf(Base):
    __tablename__ = "leaves"
    id = Column(Integer, primary_key=True)
    tree = Column(String(20))


class Sessions:
    def __init__(self, bind):
        self.factory = sessionmaker(bind=bind)
        self.current = ContextVar("current", default=None)

    @contextmanager
    def request(self):
        session = self.current.get() or self.factory()
        token = self.current.set(session)
        try:
            yield session
            session.commit()
        finally:
            session.close()
            self.current.reset(token)


sessions = Sessions(ENGINE)


def count_in(session, tree):
    return session.execute(select(func.count(Leaf.id)).where(Leaf.tree == tree)).scalar()


def count(tree):
    with sessions.request() as session:
        return count_in(session, tree)


def fall(tree, leaves):
    before = count(tree)
    with sessions.request() as session:
        session.add_all([Leaf(tree=tree) for _ in range(leaves)])
        session.flush()
        during = count_in(session, tree)
    return before, during, count(tree)


def main():
    Base.metadata.create_all(ENGINE)
    assert fall("oak", 2) == (0, 2, 2)
    for tree in ("oak", "elm"):
        with sessions.request() as session:
            session.add(Leaf(tree=tree))
    assert count("oak") == 3
