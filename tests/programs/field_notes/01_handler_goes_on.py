"""In one function: the handler of a failed commit counts the failure and lets the loop use the session again, without a rollback."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.exc import IntegrityError, PendingRollbackError
from sqlalchemy.orm import Session, declarative_base

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Badge(Base):
    __tablename__ = "badge"
    id = Column(Integer, primary_key=True)
    code = Column(String(10), unique=True)


def register(codes):
    refused = []
    with Session(ENGINE) as session:
        for code in codes:
            session.add(Badge(code=code))
            try:
                session.flush()
            except IntegrityError:  # expect: SES105
                refused.append(code)
        session.commit()  # allow: SES105
    return refused


def main():
    Base.metadata.create_all(ENGINE)
    assert register(["a", "b"]) == []
    try:
        register(["c", "a", "d"])
    except PendingRollbackError:
        return
    raise AssertionError("the session went on")
