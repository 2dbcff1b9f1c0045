"""Threads get a bound method of an object that keeps a session, a closure over a session, and an attached row."""
# case: outcome=ok
import threading

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()
COUNTS = []


class Photo(Base):
    __tablename__ = "photos"
    id = Column(Integer, primary_key=True)
    title = Column(String(20))


class Counter:
    def __init__(self, session):
        self.session = session

    def run(self):
        COUNTS.append(self.session.execute(select(func.count(Photo.id))).scalar())


def shrink(photo):
    photo.title = photo.title[:3]


def in_thread(worker):
    worker.start()
    worker.join()


def process(photo_id):
    with SessionLocal() as session:
        photo = session.get(Photo, photo_id)
        counter = Counter(session)
        in_thread(threading.Thread(target=counter.run))  # expect: SES206

        def touch():
            session.get(Photo, photo_id).title += "!"

        in_thread(threading.Thread(target=touch))  # expect: SES206
        in_thread(threading.Thread(target=shrink, args=(photo,)))  # expect: SES206
        session.commit()


def main():
    Base.metadata.create_all(engine)
    with SessionLocal() as session:
        session.add(Photo(title="sunset"))
        session.commit()
    process(1)
    assert COUNTS == [1]
    with SessionLocal() as session:
        assert session.get(Photo, 1).title == "sun"
