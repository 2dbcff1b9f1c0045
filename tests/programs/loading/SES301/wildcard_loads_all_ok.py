"""A wildcard option of the other kind: `selectinload("*")` loads whatever relationship the class has, named or not."""
# case: outcome=ok
from contextlib import contextmanager

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base, relationship, selectinload

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Ship(Base):
    __tablename__ = "ship"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))
    crew = relationship("Sailor", back_populates="ship")
    cargo = relationship("Crate")


class Sailor(Base):
    __tablename__ = "sailor"
    id = Column(Integer, primary_key=True)
    surname = Column(String(40))
    ship_id = Column(ForeignKey("ship.id"))
    ship = relationship(Ship, back_populates="crew")


class Crate(Base):
    __tablename__ = "crate"
    id = Column(Integer, primary_key=True)
    weight = Column(Integer)
    ship_id = Column(ForeignKey("ship.id"))


@contextmanager
def reading():
    db = Session(ENGINE)
    try:
        yield db
    finally:
        db.close()


def fleet():
    with reading() as db:
        return db.scalars(select(Ship).options(selectinload("*")).order_by(Ship.name)).all()


def manifest():
    rows = []
    for ship in fleet():
        weight = sum(crate.weight for crate in ship.cargo)
        rows.append((ship.name, [sailor.surname for sailor in ship.crew], weight))
    return rows


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as db:
        db.add(Ship(name="Vega", crew=[Sailor(surname="Holm")], cargo=[Crate(weight=7), Crate(weight=5)]))
        db.commit()
    assert manifest() == [("Vega", ["Holm"], 12)]
