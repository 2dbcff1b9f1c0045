"""Async FastAPI: the chapters come with the query, with a refresh, or the model is filled by hand from columns."""
# case: outcome=ok sqlalchemy=>=2.0
from contextlib import asynccontextmanager
from typing import List

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, ForeignKey, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, relationship, selectinload, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    title = Column(String(40))
    chapters = relationship("Chapter")


class Chapter(Base):
    __tablename__ = "chapter"
    id = Column(Integer, primary_key=True)
    book_id = Column(ForeignKey("book.id"))
    heading = Column(String(40))


class ChapterOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    heading: str


class BookOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    title: str
    chapters: List[ChapterOut] = []


async def get_session():
    async with Session() as session:
        yield session


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Book(title="Knots", chapters=[Chapter(heading="Bends")]))
        await session.commit()
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/books/{title}", response_model=BookOut)
async def book(title: str, session: AsyncSession = Depends(get_session)):
    found = await session.execute(select(Book).options(selectinload(Book.chapters)).where(Book.title == title))
    return found.scalar_one()


@app.get("/keys/{key}")
async def by_key(key: int, session: AsyncSession = Depends(get_session)) -> BookOut:
    found = await session.get(Book, key)
    await session.refresh(found, ["chapters"])
    return BookOut.model_validate(found)


@app.get("/heads/{key}")
async def head(key: int, session: AsyncSession = Depends(get_session)) -> BookOut:
    found = await session.get(Book, key)
    return BookOut(id=found.id, title=found.title)


def main():
    with TestClient(app) as client:
        full = {"id": 1, "title": "Knots", "chapters": [{"heading": "Bends"}]}
        assert client.get("/books/Knots").json() == client.get("/keys/1").json() == full
        assert client.get("/heads/1").json()["chapters"] == []
