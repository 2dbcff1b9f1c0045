"""FastAPI: the dependency returns the session that a middleware opened and closes; a helper that returns a session is no dependency."""
# case: outcome=ok
from contextlib import closing

from fastapi import Depends, FastAPI, Request
from fastapi.testclient import TestClient
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine(
    "sqlite:///file:p_middle?mode=memory&cache=shared&uri=true", poolclass=QueuePool, connect_args={"check_same_thread": False}
)
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()
app = FastAPI()


class Trail(Base):
    __tablename__ = "trails"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))


@app.middleware("http")
async def session_per_request(request: Request, call_next):
    with SessionLocal() as session:
        request.state.db = session  # allow: SES106
        return await call_next(request)


def get_db(request: Request) -> Session:
    return request.state.db


def get_maker():
    return SessionLocal


def script_session(name: str) -> Session:
    session = SessionLocal()
    session.info["script"] = name
    return session


@app.get("/trails")
def trails(db: Session = Depends(get_db), maker: sessionmaker = Depends(get_maker)) -> list:
    with maker() as other:
        assert other is not db
    return list(db.execute(select(Trail.name)).scalars())


def main():
    Base.metadata.create_all(ENGINE)
    with closing(script_session("seed")) as session:
        session.add(Trail(name="ridge"))
        session.commit()
    assert TestClient(app).get("/trails").json() == ["ridge"]
    assert ENGINE.pool.checkedout() == 0
