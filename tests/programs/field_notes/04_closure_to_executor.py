"""A closure over the session is submitted to an executor: no argument shows that the session goes along with it."""
# case: outcome=ok
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Frame(Base):
    __tablename__ = "frame"
    id = Column(Integer, primary_key=True)
    reel = Column(String(10))


def analyse(reels):
    with Session() as session, ThreadPoolExecutor(2) as pool:
        assert session.query(Frame).count() == 1

        def count(reel):
            return session.query(Frame).filter_by(reel=reel).count()

        answers = [pool.submit(count, reel) for reel in reels]  # expect: SES206
        return [answer.exception() for answer in answers]


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Frame(reel="a"))
    errors = analyse(["a"])
    assert isinstance(errors[0], SQLAlchemyError), errors
