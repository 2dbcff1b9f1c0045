"""FastAPI with Jinja2Templates: the sky chart's template extends a layout and reads a deferred column inside a block."""
# case: outcome=ok
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.templating import Jinja2Templates
from fastapi.testclient import TestClient
from sqlalchemy import Column, Integer, String, Text, create_engine, select
from sqlalchemy.orm import Session, declarative_base, deferred
from sqlalchemy.orm.exc import DetachedInstanceError
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


def comet_named(name):
    with Session(ENGINE) as session:
        return session.scalars(select(Comet).where(Comet.name == name)).first()


@app.get("/comets/{name}/card")
def card(request: Request, name: str):
    comet = comet_named(name)
    return pages.TemplateResponse(request, "card.html", {"comet": comet})


@app.get("/comets/{name}")
def chart(request: Request, name: str):
    comet = comet_named(name)
    return pages.TemplateResponse(request, "chart.html", {"comet": comet})  # expect: SES306


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Comet(name="Encke", history="first seen in 1786"))
        session.commit()
    client = TestClient(app)
    assert "Encke" in client.get("/comets/Encke/card").text
    try:
        client.get("/comets/Encke")
    except DetachedInstanceError:
        return
    raise AssertionError("the chart was rendered")
