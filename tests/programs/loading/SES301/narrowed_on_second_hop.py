"""The tracks are loaded eagerly but only with their titles; the playing time of a track is deferred and read in a sort key, far away."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base, relationship, selectinload

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Album(Base):
    __tablename__ = "album"
    id = Column(Integer, primary_key=True)
    title = Column(String(60))
    tracks = relationship("Track")


class Track(Base):
    __tablename__ = "track"
    id = Column(Integer, primary_key=True)
    album_id = Column(ForeignKey("album.id"))
    title = Column(String(60))
    seconds = Column(Integer)


def load_album(pk):
    session = Session(bind=ENGINE)
    try:
        return (
            session.query(Album)
            .options(selectinload(Album.tracks).load_only(Track.title))
            .filter(Album.id == pk)
            .first()
        )
    finally:
        session.close()


def listing(album):
    return sorted(track.title for track in album.tracks)


def longest(album):
    return max(album.tracks, key=lambda track: track.seconds).title  # expect: SES301


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Album(title="Tides", tracks=[Track(title="Ebb", seconds=90), Track(title="Flow", seconds=200)]))
        session.commit()
    album = load_album(1)
    assert album is not None
    assert listing(album) == ["Ebb", "Flow"]
    print(longest(album))
