"""An optional session done right: `own` remembers who opened it, and the finally closes only what was opened here."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite:///file:p_own?mode=memory&cache=shared&uri=true", poolclass=QueuePool)
Base = declarative_base()


class Vote(Base):
    __tablename__ = "votes"
    id = Column(Integer, primary_key=True)
    party = Column(String(10))


def count_votes(party, session=None):
    own = session is None
    if own:
        session = Session(ENGINE)
    try:
        return session.execute(select(func.count(Vote.id)).where(Vote.party == party)).scalar()
    finally:
        if own:
            session.close()


def cast(party, session=None):
    opened = None
    if session is None:
        session = opened = Session(ENGINE)
    try:
        session.add(Vote(party=party))
        session.commit()
    finally:
        if opened is not None:
            opened.close()


def main():
    Base.metadata.create_all(ENGINE)
    cast("elm")
    with Session(ENGINE) as session:
        cast("oak", session)
        assert count_votes("oak", session) == 1
    assert count_votes("elm") == 1
    assert ENGINE.pool.checkedout() == 0
