"""A bound method goes to the thread, and the object that it is bound to keeps a session in `self`."""
# case: outcome=ok
import threading

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Word(Base):
    __tablename__ = "word"
    id = Column(Integer, primary_key=True)
    text = Column(String(20))


class WordStore:
    def __init__(self, session):
        self.session = session
        self.error = None

    def longest(self):
        return max((word.text for word in self.session.query(Word)), key=len)

    def warm_up(self):
        try:
            self.session.query(Word).all()
        except SQLAlchemyError as error:
            self.error = error


def prepare():
    with Session() as session:
        store = WordStore(session)
        longest = store.longest()
        thread = threading.Thread(target=store.warm_up)  # expect: SES206
        thread.start()
        thread.join()
        return longest, store.error


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Word(text="tide"))
    longest, error = prepare()
    assert longest == "tide" and isinstance(error, SQLAlchemyError), error
