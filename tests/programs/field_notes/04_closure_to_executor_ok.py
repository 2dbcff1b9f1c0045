"""The closure that goes to the executor opens its own session; another closure over the outer session never leaves the thread."""
# case: outcome=ok
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Frame(Base):
    __tablename__ = "frame"
    id = Column(Integer, primary_key=True)
    reel = Column(String(10))


def analyse():
    with Session() as session:

        def reels():
            return [frame.reel for frame in session.query(Frame).order_by(Frame.id)]

        names = list(map(str.upper, reels()))

    def count(reel):
        with Session() as own:
            return own.query(Frame).filter_by(reel=reel.lower()).count()

    with ThreadPoolExecutor(1) as pool:
        return list(pool.map(count, names))


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add_all([Frame(reel="a"), Frame(reel="b")])
    assert analyse() == [1, 1]
