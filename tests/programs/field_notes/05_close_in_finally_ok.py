"""`close()` in a `finally`, in both a handler and the `else` branch, and through an `ExitStack`."""
# case: outcome=ok
from contextlib import ExitStack

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
SessionLocal = sessionmaker(ENGINE)
Base = declarative_base()


class Option(Base):
    __tablename__ = "option"
    name = Column(String(20), primary_key=True)
    value = Column(String(20))


def by_finally(name):
    session = SessionLocal()
    try:
        return int(session.get(Option, name).value)
    finally:
        session.close()


def by_both_branches(name):
    session = SessionLocal()
    try:
        value = int(session.get(Option, name).value)
    except BaseException:
        session.close()
        raise
    else:
        session.close()
    return value


def by_stack(name):
    with ExitStack() as stack:
        session = SessionLocal()
        stack.callback(session.close)
        return int(session.get(Option, name).value)


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal.begin() as session:
        session.add(Option(name="size", value="4"))
    assert by_finally("size") == by_both_branches("size") == by_stack("size") == 4
