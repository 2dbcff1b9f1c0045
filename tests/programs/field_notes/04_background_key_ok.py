"""The background tasks get keys and strings, positional and by keyword, and open a session of their own."""
# case: outcome=ok
from fastapi import BackgroundTasks, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(ENGINE)
Base = declarative_base()
app = FastAPI()
letters = []


class Sender(Base):
    __tablename__ = "sender"
    id = Column(Integer, primary_key=True)
    mail = Column(String(40))
    parcels = relationship("Parcel")


class Parcel(Base):
    __tablename__ = "parcel"
    id = Column(Integer, primary_key=True)
    sender_id = Column(ForeignKey("sender.id"))


def write_to(sender_id, subject):
    with SessionLocal() as session:
        sender = session.get(Sender, sender_id)
        letters.append(f"{sender.mail} {subject}: {len(sender.parcels)}")


@app.post("/senders/{pk}/letters")
def letter(pk: int, background: BackgroundTasks):
    with SessionLocal() as session:
        sender = session.get(Sender, pk)
        background.add_task(write_to, sender.id, "your parcels")
        background.add_task(write_to, subject="again", sender_id=sender.id)
        return {"to": sender.mail}


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal.begin() as session:
        session.add(Sender(mail="s@x.org", parcels=[Parcel()]))
    assert TestClient(app).post("/senders/1/letters").json() == {"to": "s@x.org"}
    assert letters == ["s@x.org your parcels: 1", "s@x.org again: 1"]
