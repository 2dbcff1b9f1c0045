"""Reads that look late and are in time: a scope that yields the instance, a nested function, a `finally` before the close, an `ExitStack`."""
# case: outcome=ok
from contextlib import ExitStack, closing, contextmanager

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
factory = sessionmaker(ENGINE)


class Band(Base):
    __tablename__ = "band"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    songs = relationship("Song", order_by="Song.id")


class Song(Base):
    __tablename__ = "song"
    id = Column(Integer, primary_key=True)
    band_id = Column(ForeignKey("band.id"))
    title = Column(String(20))


def titles(band):
    return [song.title for song in band.songs]


@contextmanager
def band_named(name):
    with factory() as session:
        yield session.query(Band).filter_by(name=name).one()


def by_scope(name):
    with band_named(name) as band:
        return titles(band)


def by_nested_function(name):
    with factory() as session:
        band = session.query(Band).filter_by(name=name).one()

        def later():
            return titles(band)

        return later()


def by_finally(name):
    session, seen = factory(), []
    band = None
    try:
        band = session.query(Band).filter_by(name=name).one()
    finally:
        if band is not None:
            seen = titles(band)
        session.close()
    return seen


def by_stack(name):
    with ExitStack() as stack:
        session = stack.enter_context(closing(Session(ENGINE)))
        band = session.query(Band).filter_by(name=name).one()
        return titles(band)


def by_branch(name, keep):
    session = factory()
    try:
        band = session.query(Band).filter_by(name=name).one()
        if not keep:
            session.close()
            return []
        return titles(band)
    finally:
        session.close()


def main():
    Base.metadata.create_all(ENGINE)
    with factory() as session:
        session.add(Band(name="Fen", songs=[Song(title="Reed"), Song(title="Mud")]))
        session.commit()
    for way in (by_scope, by_nested_function, by_finally, by_stack):
        assert way("Fen") == ["Reed", "Mud"]
    assert by_branch("Fen", True) == ["Reed", "Mud"] and by_branch("Fen", False) == []
