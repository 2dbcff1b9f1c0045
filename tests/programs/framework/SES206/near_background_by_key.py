"""FastAPI: background tasks get a key or a finished text, and the dependency's session is used within the request only."""
# case: outcome=ok sqlalchemy=>=2.0
from collections.abc import Iterator

from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(ENGINE)
outbox: list[str] = []
app = FastAPI()


class Base(DeclarativeBase):
    pass


class Letter(Base):
    __tablename__ = "letters"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


def get_db() -> Iterator[Session]:
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def archive(letter_id: int) -> None:
    with SessionLocal() as db:
        outbox.append(f"archived {db.get(Letter, letter_id).text}")


def tell(text: str, times: int = 1) -> None:
    outbox.extend([text] * times)


@app.post("/letters")
def write(text: str, tasks: BackgroundTasks, db: Session = Depends(get_db)) -> int:
    letter = Letter(text=text)
    db.add(letter)
    db.commit()
    letter_id = letter.id
    tasks.add_task(tell, f"stored {letter.text}", times=1)
    db.rollback()
    tasks.add_task(archive, letter_id)
    return letter_id


def main() -> None:
    Base.metadata.create_all(ENGINE)
    assert TestClient(app).post("/letters", params={"text": "hi"}).json() == 1
    assert sorted(outbox) == ["archived hi", "stored hi"]
    assert ENGINE.pool.checkedout() == 0
