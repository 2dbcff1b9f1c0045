"""The narrowing option lists the playing time as well; the primary key comes along without being asked for."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, Text, create_engine
from sqlalchemy.orm import Session, declarative_base, defaultload, defer, relationship, undefer

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Album(Base):
    __tablename__ = "album"
    id = Column(Integer, primary_key=True)
    title = Column(String(60))
    notes = Column(Text)
    tracks = relationship("Track", lazy="joined")


class Track(Base):
    __tablename__ = "track"
    id = Column(Integer, primary_key=True)
    album_id = Column(ForeignKey("album.id"))
    title = Column(String(60))
    seconds = Column(Integer)
    lyrics = Column(Text)


def load_album(pk):
    session = Session(bind=ENGINE)
    try:
        return (
            session.query(Album)
            .options(defer(Album.notes), defaultload(Album.tracks).load_only(Track.title, Track.seconds))
            .filter(Album.id == pk)
            .first()
        )
    finally:
        session.close()


def load_notes(pk):
    session = Session(bind=ENGINE)
    try:
        return session.query(Album).options(undefer(Album.notes)).filter_by(id=pk).one()
    finally:
        session.close()


def longest(album):
    track = max(album.tracks, key=lambda track: track.seconds)
    return f"{track.id} {track.title}"


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        tracks = [Track(title="Ebb", seconds=90), Track(title="Flow", seconds=200)]
        session.add(Album(title="Tides", notes="live", tracks=tracks))
        session.commit()
    assert longest(load_album(1)) == "2 Flow"
    assert load_notes(1).notes == "live"
