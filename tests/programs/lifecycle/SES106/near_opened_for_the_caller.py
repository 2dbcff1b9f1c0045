"""Sessions are returned and stored, but none of them belongs to a scope: they are opened without one, and the taker closes them."""
# case: outcome=ok
from contextlib import closing

from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite:///file:p_taker?mode=memory&cache=shared&uri=true", poolclass=QueuePool)
maker = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Song(Base):
    __tablename__ = "songs"
    id = Column(Integer, primary_key=True)
    title = Column(String(30))


def session_for(reader):
    with maker() as probing:
        known = probing.execute(select(Song.id)).first() is not None
    session = maker()
    session.info.update(reader=reader, known=known)
    return session


class Jukebox:
    def __enter__(self):
        self.session = maker()
        return self

    def __exit__(self, *exc_info):
        self.session.close()
        self.session = None

    def titles(self):
        return self.session.execute(select(Song.title)).scalars().all()


def main():
    Base.metadata.create_all(ENGINE)
    with closing(session_for("Ria")) as session:
        assert session.info == {"reader": "Ria", "known": False}
        session.add(Song(title="Blue"))
        session.commit()
    with Jukebox() as jukebox:
        assert jukebox.titles() == ["Blue"]
    assert ENGINE.pool.checkedout() == 0
