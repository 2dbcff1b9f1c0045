"""A TypeAdapter validates a whole list of rows; its model asks each for a to-one relationship that nobody loaded."""
# case: outcome=ok
from typing import List

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Depot(Base):
    __tablename__ = "depot"
    id = Column(Integer, primary_key=True)
    town = Column(String(20))


class Tram(Base):
    __tablename__ = "tram"
    id = Column(Integer, primary_key=True)
    number = Column(Integer)
    depot_id = Column(ForeignKey("depot.id"))
    depot = relationship(Depot)


class DepotOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    town: str


class TramOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    number: int
    depot: DepotOut


TRAMS = TypeAdapter(List[TramOut])


def trams():
    with Session() as session:
        return session.query(Tram).all()


def all_out():
    return TRAMS.validate_python(trams())  # expect: SES307


def refused(work):
    try:
        work()
    except ValidationError as error:
        return "DetachedInstanceError" in str(error)
    return False


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Tram(number=14, depot=Depot(town="Gent")))
    assert refused(all_out)
