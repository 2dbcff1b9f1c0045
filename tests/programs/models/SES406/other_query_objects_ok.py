"""Objects whose `query(...)` and `get(...)` have nothing to do with SQLAlchemy: an HTTP-ish client, a cache, a subclass of dict."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Song(Base):
    __tablename__ = "song"
    id = Column(Integer, primary_key=True)
    title = Column(String(30))


class Shelf(dict):
    def options(self, *names):
        return Shelf({key: value for key, value in self.items() if key not in names})


class MusicService:
    def __init__(self, titles):
        self.titles = titles

    def query(self, kind):
        return Shelf(self.titles)


class Player:
    def __init__(self, session, service):
        self.db = session
        self.session = service

    def remote(self, pk):
        return self.session.query(Song).options("2").get(pk)

    def local(self, pk):
        row = self.db.query(Song.title).filter(Song.id == pk).first()
        return row._mapping.get("title") if row else None


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Song(title="Fado"))
        session.commit()
        player = Player(session, MusicService({1: "Morna"}))
        assert (player.remote(1), player.local(1), player.local(2)) == ("Morna", "Fado", None)
