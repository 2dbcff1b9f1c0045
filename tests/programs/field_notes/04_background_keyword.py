"""A background task gets the session by keyword, and revives it after the endpoint has closed it: the connection stays taken."""
# case: outcome=leak
from fastapi import BackgroundTasks, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Column, Integer, String, create_engine, event
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine(
    "sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args={"check_same_thread": False}
)
SessionLocal = sessionmaker(ENGINE)
Base = declarative_base()
app = FastAPI()
held = []
event.listen(ENGINE, "checkout", lambda *what: held.append(what))


class Download(Base):
    __tablename__ = "download"
    id = Column(Integer, primary_key=True)
    path = Column(String(40))


def recount(*, path, session):
    held.append(session.query(Download).filter_by(path=path).count())  # allow: SES103


@app.get("/files/{path}")
def download(path: str, tasks: BackgroundTasks):
    with SessionLocal() as session:
        session.add(Download(path=path))
        session.commit()
        tasks.add_task(recount, session=session, path=path)  # expect: SES206
    return {"path": path}


def main():
    Base.metadata.create_all(ENGINE)
    assert TestClient(app).get("/files/a.zip").json() == {"path": "a.zip"}
    assert held[-1] == 1
