"""A scope that keeps one session per thread is opened inside itself, directly and through a method: the inner exit ends the outer's work."""
# case: outcome=ok known=miss
import threading
from contextlib import contextmanager

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base = declarative_base()


class Step(Base):
    __tablename__ = "steps"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


class RequestSessionManager:
    def __init__(self, engine):
        self.factory = sessionmaker(bind=engine)
        self.local = threading.local()

    @contextmanager
    def session_scope(self):
        session = getattr(self.local, "session", None)
        if session is None:
            session = self.local.session = self.factory()
        try:
            yield session
            session.commit()
        except Exception:
            session.rollback()
            raise
        finally:
            session.close()
            self.local.session = None


request_session_manager = RequestSessionManager(ENGINE)


class Journal:
    def note(self, name):
        with request_session_manager.session_scope() as session:  # expect: SES107
            session.add(Step(name=name))


def brew(fail):
    with request_session_manager.session_scope() as session:
        session.add(Step(name="grind"))
        Journal().note("noted")  # allow: SES107
        if fail:
            raise RuntimeError("no water")


def pour():
    with request_session_manager.session_scope() as outer:
        outer.add(Step(name="pour"))
        with request_session_manager.session_scope() as inner:  # expect: SES107
            inner.add(Step(name="drink"))


def main():
    Base.metadata.create_all(ENGINE)
    try:
        brew(fail=True)
    except RuntimeError:
        pass
    pour()
    with request_session_manager.session_scope() as session:
        assert session.execute(select(func.count(Step.id))).scalar() == 4
