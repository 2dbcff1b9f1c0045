"""An application starts with one session on its state and one in its extensions; all requests of all threads go through the two."""
# case: outcome=ok
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from flask import Flask, current_app
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()
api = FastAPI()
api.state.db = SessionLocal()  # expect: SES104  # allow: SES102


class Ferry(Base):
    __tablename__ = "ferries"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


@api.get("/ferries")
def ferries(request: Request) -> list:
    return list(request.app.state.db.execute(select(Ferry.name)).scalars())


def create_site():
    site = Flask("ferries")
    site.extensions["ferry_db"] = SessionLocal()  # expect: SES104  # allow: SES102

    @site.get("/first")
    def first():
        return current_app.extensions["ferry_db"].execute(select(Ferry.name)).scalars().first()

    return site


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal() as session:
        session.add(Ferry(name="Hilda"))
        session.commit()
    assert TestClient(api).get("/ferries").json() == ["Hilda"]
    assert create_site().test_client().get("/first").get_data(as_text=True) == "Hilda"
    assert api.state.db.in_transaction()
