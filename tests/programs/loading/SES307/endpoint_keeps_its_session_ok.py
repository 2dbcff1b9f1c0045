"""The session comes from a dependency that closes it after the response was made; a second endpoint builds its response inside."""
# case: outcome=ok
from typing import List

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base, relationship, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(ENGINE)
Base = declarative_base()
app = FastAPI()


class Playlist(Base):
    __tablename__ = "playlist"
    id = Column(Integer, primary_key=True)
    title = Column(String(40))
    songs = relationship("Song")


class Song(Base):
    __tablename__ = "song"
    id = Column(Integer, primary_key=True)
    playlist_id = Column(ForeignKey("playlist.id"))
    title = Column(String(40))


class SongOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    title: str


class PlaylistOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    title: str
    songs: List[SongOut] = []


def get_session():
    with SessionLocal() as session:
        yield session


@app.get("/playlists/{pk}", response_model=PlaylistOut)
def playlist(pk: int, session: Session = Depends(get_session)):
    return session.get(Playlist, pk)


@app.get("/copies/{pk}")
def copy(pk: int) -> PlaylistOut:
    with SessionLocal() as session:
        return PlaylistOut.model_validate(session.get(Playlist, pk))


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal.begin() as session:
        session.add(Playlist(title="Rain", songs=[Song(title="Drops")]))
    client = TestClient(app)
    expected = {"id": 1, "title": "Rain", "songs": [{"title": "Drops"}]}
    assert client.get("/playlists/1").json() == client.get("/copies/1").json() == expected
