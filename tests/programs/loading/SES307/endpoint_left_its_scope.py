"""FastAPI, sync: the endpoint opens its own session and returns the row from inside it; the response model serializes afterwards."""
# case: outcome=ok
from contextlib import contextmanager
from typing import List

from fastapi import FastAPI, HTTPException
from fastapi.exceptions import ResponseValidationError
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
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
    title: str


class PlaylistOut(BaseModel):
    id: int
    title: str
    songs: List[SongOut] = []


class PlaylistHead(BaseModel):
    id: int
    title: str


@contextmanager
def reading():
    session = SessionLocal()
    try:
        yield session
    finally:
        session.close()


@app.get("/playlists/{pk}/head", response_model=PlaylistHead)
def head(pk: int):
    with reading() as session:
        return session.get(Playlist, pk)


@app.get("/playlists/{pk}", response_model=PlaylistOut)
def playlist(pk: int):
    with reading() as session:
        found = session.get(Playlist, pk)
        if found is None:
            raise HTTPException(404)
        return found  # expect: SES307


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal.begin() as session:
        session.add(Playlist(title="Rain", songs=[Song(title="Drops")]))
    client = TestClient(app)
    assert client.get("/playlists/1/head").json() == {"id": 1, "title": "Rain"}
    assert client.get("/playlists/2").status_code == 404
    try:
        client.get("/playlists/1")
    except ResponseValidationError as error:
        assert "DetachedInstanceError" in str(error)
    else:
        raise AssertionError("the response could be serialized")
