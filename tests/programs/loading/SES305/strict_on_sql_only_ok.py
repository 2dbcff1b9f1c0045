"""`lazy="raise_on_sql"` allows what the identity map can answer; and a `lazy="raise"` is lifted by an option on the query."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base, immediateload, relationship

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Garage(Base):
    __tablename__ = "garage"
    id = Column(Integer, primary_key=True)
    street = Column(String(30))
    cars = relationship("Car", back_populates="garage", lazy="raise")


class Car(Base):
    __tablename__ = "car"
    id = Column(Integer, primary_key=True)
    plate = Column(String(10))
    garage_id = Column(ForeignKey("garage.id"))
    garage = relationship(Garage, back_populates="cars", lazy="raise_on_sql")


def plates(session, pk):
    garage = session.scalars(select(Garage).where(Garage.id == pk).options(immediateload(Garage.cars))).one()
    return [car.plate for car in garage.cars]


def places(session):
    garages = session.scalars(select(Garage)).all()
    found = [f"{car.plate}: {car.garage.street}" for car in session.scalars(select(Car))]
    return len(garages), found


def new_garage(session, street):
    garage = Garage(street=street, cars=[])
    garage.cars.append(Car(plate="new"))
    session.add(garage)
    session.flush()
    return len(garage.cars)


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Garage(street="Elm", cars=[Car(plate="XY 1")]))
        session.commit()
    with Session(ENGINE) as session:
        assert plates(session, 1) == ["XY 1"]
    with Session(ENGINE) as session:
        assert places(session) == (1, ["XY 1: Elm"])
        assert new_garage(session, "Oak") == 1
