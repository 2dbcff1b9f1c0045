"""The helper closes the session if it was its own: by a flag, or by choosing between a scope and a null context."""
# case: outcome=ok
from contextlib import nullcontext

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
SessionLocal = sessionmaker(ENGINE)
Base = declarative_base()


class Guest(Base):
    __tablename__ = "guest"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


def make_session():
    return SessionLocal()


def guests(session=None):
    own = session is None
    if own:
        session = make_session()
    try:
        return session.query(Guest).count()
    finally:
        if own:
            session.close()


def names(session=None):
    scope = nullcontext(session) if session is not None else SessionLocal()
    with scope as current:
        return [guest.name for guest in current.query(Guest)]


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal() as session:
        session.add(Guest(name="Ola"))
        session.commit()
        assert guests(session) == 1 and names(session) == ["Ola"]
    assert guests() == 1 and names() == ["Ola"]
