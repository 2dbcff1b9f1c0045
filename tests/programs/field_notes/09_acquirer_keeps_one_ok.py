"""The acquirer makes one session and hands out that one for ever: whoever takes it must not close it, and leaves nothing open by not doing so."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Kiln(Base):
    __tablename__ = "kiln"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


class Store:
    def __init__(self, engine):
        self._engine = engine
        self._session = None

    def session(self):
        if self._session is None:
            self._session = Session(self._engine)
        return self._session

    def close(self):
        if self._session is not None:
            self._session.close()
            self._session = None


def report(store):
    session = store.session()
    return session.query(Kiln).count()


def names(store):
    session = store.session()
    return [kiln.name for kiln in session.query(Kiln)]


def main():
    Base.metadata.create_all(ENGINE)
    store = Store(ENGINE)
    try:
        store.session().add(Kiln(name="south"))
        store.session().commit()
        assert report(store) == 1 and names(store) == ["south"]
    finally:
        store.close()
