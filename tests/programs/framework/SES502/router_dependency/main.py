"""FastAPI in modules: an annotated dependency alias, used by a router, stands for a method that returns a new session each time."""
# case: outcome=leak sqlalchemy=>=2.0
from database import ENGINE, Base, Tide, maker
from fastapi import FastAPI
from fastapi.testclient import TestClient

import tides


def create_app() -> FastAPI:
    app = FastAPI()
    app.include_router(tides.router, prefix="/tides")
    return app


def main() -> None:
    Base.metadata.create_all(ENGINE)
    with maker.begin() as session:
        session.add(Tide(port="Brest", metres=4.2))
    assert TestClient(create_app()).get("/tides/Brest").json() == {"metres": 4.2}
