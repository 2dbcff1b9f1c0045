"""A statistics function takes an optional session, opens one where none came, and never closes the one that it opened."""
# case: outcome=leak
from sqlalchemy import Column, Integer, String, create_engine, event, func, select
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite:///file:p_votes?mode=memory&cache=shared&uri=true", poolclass=QueuePool)
Base = declarative_base()
HELD = []
event.listen(ENGINE, "checkout", lambda *arguments: HELD.append(arguments))


class Vote(Base):
    __tablename__ = "votes"
    id = Column(Integer, primary_key=True)
    party = Column(String(10))


def count_votes(party, session=None):
    if session is None:
        session = Session(ENGINE)  # expect: SES102
    stmt = select(func.count(Vote.id)).where(Vote.party == party)
    return session.execute(stmt).scalar()


def winner(parties):
    with Session(ENGINE) as session:
        return max(parties, key=lambda party: count_votes(party, session))


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as seed:
        seed.add_all([Vote(party="oak"), Vote(party="elm"), Vote(party="elm")])
        seed.commit()
    assert winner(["oak", "elm"]) == "elm"
    assert ENGINE.pool.checkedout() == 0
    assert count_votes("oak") == 1
