"""FastAPI dependencies that end what they begin: a yield with a finally, a yield inside a with, and a repository on top of them."""
# case: outcome=ok
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine(
    "sqlite:///file:p_yield?mode=memory&cache=shared&uri=true", poolclass=QueuePool, connect_args={"check_same_thread": False}
)
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()
app = FastAPI()


class Trail(Base):
    __tablename__ = "trails"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def get_writer():
    with SessionLocal.begin() as db:
        yield db


class Trails:
    def __init__(self, db: Session = Depends(get_db)) -> None:
        self.db = db

    def names(self) -> list:
        return list(self.db.execute(select(Trail.name)).scalars())


def get_trails(db: Session = Depends(get_db)) -> Trails:
    return Trails(db)


@app.get("/trails")
def trails(found: Trails = Depends(get_trails)) -> list:
    return found.names()


@app.post("/trails/{name}")
def add(name: str, db: Session = Depends(get_writer)) -> None:
    db.add(Trail(name=name))


def main():
    Base.metadata.create_all(ENGINE)
    client = TestClient(app)
    assert client.post("/trails/ridge").status_code == 200
    assert client.get("/trails").json() == ["ridge"]
    assert ENGINE.pool.checkedout() == 0
