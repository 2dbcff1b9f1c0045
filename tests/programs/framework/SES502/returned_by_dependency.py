"""FastAPI: a dependency makes a session and returns it; another wraps it in a repository class without closing it either."""
# case: outcome=leak
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Column, Integer, String, create_engine, event, select
from sqlalchemy.orm import Session, declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine(
    "sqlite:///file:p_dep?mode=memory&cache=shared&uri=true", poolclass=QueuePool, connect_args={"check_same_thread": False}
)
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()
app = FastAPI()
HELD = []
event.listen(ENGINE, "checkout", lambda *arguments: HELD.append(arguments))


class Trail(Base):
    __tablename__ = "trails"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))


def get_db() -> Session:
    db = SessionLocal()
    db.info["origin"] = "request"
    return db  # expect: SES502


@app.get("/trails")
def trails(db: Session = Depends(get_db)) -> list:
    return list(db.execute(select(Trail.name)).scalars())


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as seed:
        seed.add(Trail(name="ridge"))
        seed.commit()
    assert TestClient(app).get("/trails").json() == ["ridge"]
