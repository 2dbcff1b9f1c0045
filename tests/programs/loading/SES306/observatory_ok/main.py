"""FastAPI with Jinja2Templates: the deferred column that the chart shows is undeferred by the query, and the card does not show it."""
# case: outcome=ok
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.templating import Jinja2Templates
from fastapi.testclient import TestClient
from sqlalchemy import Column, Integer, String, Text, create_engine, select
from sqlalchemy.orm import Session, declarative_base, deferred, undefer
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base = declarative_base()
app = FastAPI()
pages = Jinja2Templates(directory=str(Path(__file__).parent / "pages"))


class Comet(Base):
    __tablename__ = "comet"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))
    history = deferred(Column(Text))


def comet_named(name, *options):
    with Session(ENGINE) as session:
        return session.scalars(select(Comet).options(*options).where(Comet.name == name)).first()


@app.get("/comets/{name}/card")
def card(request: Request, name: str):
    comet = comet_named(name)
    return pages.TemplateResponse(request, "card.html", {"comet": comet})


@app.get("/comets/{name}")
def chart(request: Request, name: str):
    comet = comet_named(name, undefer(Comet.history))
    return pages.TemplateResponse(request, "chart.html", {"comet": comet})


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Comet(name="Encke", history="first seen in 1786"))
        session.commit()
    client = TestClient(app)
    assert "Encke" in client.get("/comets/Encke/card").text
    assert "1786" in client.get("/comets/Encke").text
