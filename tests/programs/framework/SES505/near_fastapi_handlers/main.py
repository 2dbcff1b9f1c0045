"""FastAPI: one application is given the handler in its constructor, the other by a function in another module."""
# case: outcome=ok select=SES505
from errors import add_handlers, detached
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker
from sqlalchemy.orm.exc import DetachedInstanceError
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=ENGINE)
public = FastAPI(exception_handlers={DetachedInstanceError: detached})
internal = FastAPI()
add_handlers(internal)


def answer() -> int:
    with SessionLocal() as session:
        return session.execute(text("select 42")).scalar()


def worn() -> None:
    raise DetachedInstanceError("simulated")


for app in (public, internal):
    app.get("/answer")(answer)
    app.get("/worn")(worn)


def main():
    for app in (public, internal):
        client = TestClient(app)
        assert client.get("/answer").json() == 42
        assert client.get("/worn").status_code == 503
    assert ENGINE.pool.checkedout() == 0
