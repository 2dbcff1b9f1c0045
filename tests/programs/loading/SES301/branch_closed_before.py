"""Only one branch closes early, and it is the one that goes on to read: a cache is refreshed with what the query brought."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

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


class Charts:
    def __init__(self):
        self.titles = {}

    def refresh(self, name, early=False):
        session = factory()
        try:
            band = session.query(Band).filter_by(name=name).one()
            if early:
                session.close()
            self.titles[band.name] = [song.title for song in band.songs]  # expect: SES301
        finally:
            session.close()
        return self.titles


def main():
    Base.metadata.create_all(ENGINE)
    with factory() as session:
        session.add(Band(name="Fen", songs=[Song(title="Reed"), Song(title="Mud")]))
        session.commit()
    charts = Charts()
    assert charts.refresh("Fen") == {"Fen": ["Reed", "Mud"]}
    print(charts.refresh("Fen", early=True))
