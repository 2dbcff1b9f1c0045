"""Sessions that somebody else closes: an exit stack, a callback, an object with its own close, a caller that gets the session back."""
# case: outcome=ok
from contextlib import ExitStack, closing

from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite:///file:p_owner?mode=memory&cache=shared&uri=true", poolclass=QueuePool)
new_session = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Berth(Base):
    __tablename__ = "berths"
    id = Column(Integer, primary_key=True)
    ship = Column(String(30))


class Harbour:
    def __init__(self):
        self.session = new_session()

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.session.close()

    def ships(self):
        return self.session.execute(select(Berth.ship)).scalars().all()


def fresh(label):
    session = new_session()
    session.info["label"] = label
    return session


def moor(ships):
    with ExitStack() as stack:
        session = new_session()
        stack.callback(session.close)
        audit = stack.enter_context(new_session())
        session.add_all([Berth(ship=ship) for ship in ships])
        session.commit()
        return len(audit.execute(select(Berth.id)).all())


def main():
    Base.metadata.create_all(ENGINE)
    assert moor(["Anna", "Berta"]) == 2
    with Harbour() as harbour:
        assert sorted(harbour.ships()) == ["Anna", "Berta"]
    with closing(fresh("check")) as session:
        assert session.get(Berth, 1).ship == "Anna"
    assert ENGINE.pool.checkedout() == 0
