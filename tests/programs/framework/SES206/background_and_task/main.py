"""FastAPI: an endpoint gives its session to a background task by keyword, another uses its session while a task that it started does too."""
# case: outcome=ok sqlalchemy=>=2.0
import asyncio

from api import app
from database import Base, Letter, engine, maker
from fastapi.testclient import TestClient
from mail import outbox
from sqlalchemy.exc import SQLAlchemyError


async def prepare() -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with maker.begin() as session:
        session.add(Letter(reader="Ann", text="hello"))


def main() -> None:
    asyncio.run(prepare())
    client = TestClient(app)
    assert client.post("/letters/1/send").json() == {"queued": 1}
    assert outbox == ["Ann: hello"]
    try:
        assert client.get("/letters/1/refresh").json() == {"reader": "Ann"}, "by luck"
    except SQLAlchemyError:
        pass
