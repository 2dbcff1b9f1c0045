"""Failures that are dealt with: a savepoint that rolls itself back, a rollback first thing in the handler, a handler that raises again."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionMaker = sessionmaker(bind=engine)
Base = declarative_base()


class Guest(Base):
    __tablename__ = "guests"
    id = Column(Integer, primary_key=True)
    name = Column(String(20), unique=True)


def invite(session, names):
    clashes = 0
    for name in names:
        try:
            with session.begin_nested():
                session.add(Guest(name=name))
                session.flush()
        except IntegrityError:
            clashes += 1
    session.commit()
    return clashes


def invite_one(session, name):
    session.add(Guest(name=name))
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        return session.execute(select(Guest.id).where(Guest.name == name)).scalar_one()
    return session.execute(select(func.max(Guest.id))).scalar()


def invite_or_fail(session, name):
    try:
        session.add(Guest(name=name))
        session.flush()
    except IntegrityError as error:
        raise ValueError(name) from error
    session.commit()


def main():
    Base.metadata.create_all(engine)
    with SessionMaker() as session:
        assert invite(session, ["Bo", "Cy"]) == 0
        assert invite(session, ["Bo", "Di", "Di"]) == 2
        assert invite_one(session, "Cy") == 2
    with SessionMaker() as session:
        try:
            invite_or_fail(session, "Bo")
        except ValueError:
            session.rollback()
        assert session.execute(select(func.count(Guest.id))).scalar() == 3
