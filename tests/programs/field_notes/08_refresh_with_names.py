"""`refresh` with the names of columns brings those back and nothing else: the collection that the query had loaded is expired still."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, relationship, selectinload, sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Poll(Base):
    __tablename__ = "poll"
    id = Column(Integer, primary_key=True)
    question = Column(String(40))
    votes = relationship("Vote")


class Vote(Base):
    __tablename__ = "vote"
    id = Column(Integer, primary_key=True)
    poll_id = Column(ForeignKey("poll.id"))


def touch(pk):
    with Session() as session:
        poll = session.execute(select(Poll).options(selectinload(Poll.votes)).where(Poll.id == pk)).scalar_one()
        session.commit()
        session.refresh(poll, ["id", "question"])
    return poll


def result(pk):
    poll = touch(pk)
    return poll.question, len(poll.votes)  # expect: SES302


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Poll(question="Tea?", votes=[Vote(), Vote()]))
        session.commit()
    print(result(1))
