"""The object behind the bound method keeps the factory, and opens a session for each call, in whatever thread that is."""
# case: outcome=ok
import threading

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Word(Base):
    __tablename__ = "word"
    id = Column(Integer, primary_key=True)
    text = Column(String(20))


class WordStore:
    def __init__(self, factory):
        self.session = factory
        self.cache = []

    def longest(self):
        with self.session() as session:
            return max((word.text for word in session.query(Word)), key=len)

    def warm_up(self):
        with self.session() as session:
            self.cache = [word.text for word in session.query(Word)]


def prepare():
    store = WordStore(Session)
    longest = store.longest()
    thread = threading.Thread(target=store.warm_up)
    thread.start()
    thread.join()
    return longest, store.cache


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Word(text="tide"))
    assert prepare() == ("tide", ["tide"])
