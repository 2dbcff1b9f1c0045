"""A background task gets the row itself as a positional argument; the endpoint's scope is over when it reads the row's parcels."""
# case: outcome=ok
from fastapi import BackgroundTasks, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
from sqlalchemy.orm.exc import DetachedInstanceError
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


def write_to(sender, subject):
    count = len(sender.parcels)  # allow: SES301
    letters.append(f"{subject}: {count}")


@app.post("/senders/{pk}/letters")
def letter(pk: int, background: BackgroundTasks):
    with SessionLocal() as session:
        sender = session.get(Sender, pk)
        background.add_task(write_to, sender, "your parcels")  # expect: SES206
        return {"to": sender.mail}


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal.begin() as session:
        session.add(Sender(mail="s@x.org", parcels=[Parcel()]))
    try:
        TestClient(app).post("/senders/1/letters")
    except DetachedInstanceError:
        return
    raise AssertionError(letters)
