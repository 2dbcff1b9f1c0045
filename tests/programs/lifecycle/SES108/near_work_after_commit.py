"""Commits that are not last and a commit under a scope that only closes: take any of them away and something is lost."""
# case: outcome=ok
from contextlib import closing, contextmanager

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite:///file:p_needed?mode=memory&cache=shared&uri=true", poolclass=QueuePool)
maker = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Shipment(Base):
    __tablename__ = "shipments"
    id = Column(Integer, primary_key=True)
    city = Column(String(20))


@contextmanager
def reading():
    session = maker()
    try:
        yield session
    finally:
        session.rollback()
        session.close()


def send(city):
    with reading() as session:
        session.add(Shipment(city=city))
        session.commit()


def send_all(cities):
    with closing(maker()) as session:
        for city in cities:
            session.add(Shipment(city=city))
            session.commit()
        return session.execute(select(func.count(Shipment.id))).scalar()


def send_twice(city):
    with maker() as session:
        session.add(Shipment(city=city))
        session.commit()
        session.add(Shipment(city=f"{city} again"))
        session.commit()


def main():
    Base.metadata.create_all(ENGINE)
    send("Bern")
    assert send_all(["Rome", "Oslo"]) == 3
    send_twice("Bonn")
    with maker() as check:
        assert check.execute(select(func.count(Shipment.id))).scalar() == 5
    assert ENGINE.pool.checkedout() == 0
