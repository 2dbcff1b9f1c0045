"""Helpers with a session parameter that read `user_id` and `current_user_id` of a row, a request object and a dictionary, not of Streamlit's state."""
# case: outcome=ok
from types import SimpleNamespace

from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
Base = declarative_base()


class Pledge(Base):
    __tablename__ = "pledges"
    id = Column(Integer, primary_key=True)
    user_id = Column(Integer)
    purpose = Column(String(40))


def pledge(session: Session, request) -> int:
    made = Pledge(user_id=request.current_user_id, purpose=request.purpose)
    session.add(made)
    session.flush()
    return made.user_id


def donor_of(session: Session, pledge_id: int) -> int:
    return session.get(Pledge, pledge_id).user_id


def purposes(session: Session, session_state: dict) -> list:
    stmt = select(Pledge.purpose).where(Pledge.user_id == session_state["user_id"])
    return list(session.execute(stmt).scalars())


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        assert pledge(session, SimpleNamespace(current_user_id=5, purpose="roof")) == 5
        assert donor_of(session, 1) == 5
        assert purposes(session, {"user_id": 5}) == ["roof"]
    assert ENGINE.pool.checkedout() == 0
