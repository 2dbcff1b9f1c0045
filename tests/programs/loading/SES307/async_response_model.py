"""Async FastAPI: the return annotation is the response model; it asks for the chapters of the book, which the request's session never loaded."""
# case: outcome=ok
from contextlib import asynccontextmanager
from typing import List

from fastapi import Depends, FastAPI
from fastapi.exceptions import ResponseValidationError
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlalchemy import Column, ForeignKey, Integer, String, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
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
    heading: str


class BookOut(BaseModel):
    id: int
    title: str
    chapters: List[ChapterOut]


class BookRow(BaseModel):
    id: int
    title: str


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


@app.get("/books", response_model=List[BookRow])
async def books(session: AsyncSession = Depends(get_session)):
    return (await session.scalars(select(Book))).all()


@app.get("/books/{title}")
async def book(title: str, session: AsyncSession = Depends(get_session)) -> BookOut:
    found = await session.execute(select(Book).where(Book.title == title))
    return found.scalar_one()  # expect: SES307


def main():
    with TestClient(app) as client:
        assert client.get("/books").json() == [{"id": 1, "title": "Knots"}]
        try:
            client.get("/books/Knots")
        except ResponseValidationError as error:
            assert "MissingGreenlet" in str(error)
        else:
            raise AssertionError("the response could be serialized")
