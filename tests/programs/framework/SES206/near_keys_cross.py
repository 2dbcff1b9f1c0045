"""Threads and executors get primary keys, plain values and a factory; each worker opens and closes a session of its own."""
# case: outcome=ok
import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()
DONE = []


class Photo(Base):
    __tablename__ = "photos"
    id = Column(Integer, primary_key=True)
    title = Column(String(20))


class Shrinker:
    def __init__(self, make):
        self.make = make

    def run(self, photo_id):
        with self.make() as session:
            photo = session.get(Photo, photo_id)
            photo.title = photo.title[:3]
            session.commit()
            DONE.append(photo_id)


def size(title):
    return len(title)


def process():
    with SessionLocal() as session:
        photos = session.execute(select(Photo).order_by(Photo.id)).scalars().all()
        ids = [photo.id for photo in photos]
        with ThreadPoolExecutor(1) as pool:
            sizes = list(pool.map(size, [photo.title for photo in photos]))
        session.rollback()
    for photo_id in ids:
        worker = threading.Thread(target=Shrinker(SessionLocal).run, args=(photo_id,))
        worker.start()
        worker.join()
    return sizes


def main():
    Base.metadata.create_all(engine)
    with SessionLocal() as session:
        session.add_all([Photo(title="sunset"), Photo(title="moon")])
        session.commit()
    assert process() == [6, 4] and DONE == [1, 2]
    with SessionLocal() as session:
        assert session.execute(select(func.count(Photo.id)).where(Photo.title == "sun")).scalar() == 1
