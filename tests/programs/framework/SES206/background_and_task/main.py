"""FastAPI: an endpoint gives its session to a background task by keyword, another starts concurrent tasks over the session it depends on."""
# case: outcome=ok sqlalchemy=>=2.0
import asyncio

from api import app
from database import Base, Letter, engine, maker
from fastapi.testclient import TestClient
from mail import outbox


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
    assert client.get("/letters/1/refresh").json() == {"started": True}
