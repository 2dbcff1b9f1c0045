"""The mapping loads the crew eagerly, but one query asks for `lazyload("*")` to be fast, and its ships go through the same formatter."""
# case: outcome=DetachedInstanceError
from contextlib import contextmanager

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base, lazyload, relationship

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Ship(Base):
    __tablename__ = "ship"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))
    tonnage = Column(Integer)
    crew = relationship("Sailor", lazy="selectin")


class Sailor(Base):
    __tablename__ = "sailor"
    id = Column(Integer, primary_key=True)
    surname = Column(String(40))
    ship_id = Column(ForeignKey("ship.id"))


@contextmanager
def reading():
    db = Session(ENGINE)
    try:
        yield db
    finally:
        db.close()


class Harbour:
    def in_port(self):
        with reading() as db:
            return db.scalars(select(Ship)).all()

    def heavy(self, least):
        statement = select(Ship).options(lazyload("*")).where(Ship.tonnage >= least)
        with reading() as db:
            return db.scalars(statement).all()


def names(ships):
    return [ship.name for ship in ships]


def crews(harbour):
    full = {ship.name: len(ship.crew) for ship in harbour.in_port()}
    for ship in harbour.heavy(1000):
        full[ship.name] = len(ship.crew)  # expect: SES301
    return full


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as db:
        db.add(Ship(name="Vega", tonnage=4000, crew=[Sailor(surname="Holm")]))
        db.commit()
    assert names(Harbour().heavy(1)) == ["Vega"]
    print(crews(Harbour()))
