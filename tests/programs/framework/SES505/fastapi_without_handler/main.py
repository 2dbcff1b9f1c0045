"""A FastAPI application whose factory registers one handler, for a failed constraint; nothing answers for a detached instance."""
# case: outcome=ok select=SES505
from api import create_app
from fastapi.testclient import TestClient
from sqlalchemy.orm.exc import DetachedInstanceError
from store import Base, engine


def main():
    Base.metadata.create_all(engine)
    client = TestClient(create_app())
    assert client.post("/shells/cone").status_code == 200
    assert client.post("/shells/cone").status_code == 409
    try:
        client.get("/worn")
    except DetachedInstanceError:
        return
    raise AssertionError("nobody handles it")
