"""The acquirer's body makes a session per call, so the one that `report` takes and never closes is a leak."""
# case: outcome=leak
from sqlalchemy import Column, Integer, String, create_engine, event
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0)
Base = declarative_base()
held = []
event.listen(ENGINE, "checkout", lambda *what: held.append(what))


class Kiln(Base):
    __tablename__ = "kiln"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


class Store:
    def __init__(self, engine):
        self._engine = engine
        self.handed_out = 0

    def session(self):
        self.handed_out += 1
        return Session(self._engine)


store = Store(ENGINE)


def report():
    session = store.session()  # expect: SES102
    return session.query(Kiln).count()


def main():
    Base.metadata.create_all(ENGINE)
    assert report() == 0
    assert store.handed_out == 1
