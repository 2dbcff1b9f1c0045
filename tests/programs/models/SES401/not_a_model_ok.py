"""A dataclass and a report class with the same attribute names may print what they hold; the mapped class prints its foreign key."""
# case: outcome=ok
from dataclasses import dataclass, field

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Farm(Base):
    __tablename__ = "farm"
    id = Column(Integer, primary_key=True)
    owner = Column(String(40))
    fields = relationship("Field")

    def __repr__(self):
        return "<Farm %s: %s>" % (self.id, self.owner)

    def acreage(self):
        return sum(field.acres for field in self.fields)


class Field(Base):
    __tablename__ = "field"
    id = Column(Integer, primary_key=True)
    farm_id = Column(ForeignKey("farm.id"))
    acres = Column(Integer)
    farm = relationship(Farm, overlaps="fields")

    def __repr__(self):
        return "<Field %s of farm %s>" % (self.id, self.farm_id)


@dataclass
class FarmCard:
    owner: str
    fields: list = field(default_factory=list)

    def __repr__(self):
        return f"{self.owner}: {len(self.fields)}"


class Tour:
    def __init__(self, farm):
        self.farm = farm

    def __str__(self):
        return f"tour to {self.farm.owner}"


def card(pk):
    with Session() as session:
        farm = session.get(Farm, pk)
        assert farm.acreage() == 12
        return FarmCard(farm.owner, [field.acres for field in farm.fields]), farm


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Farm(owner="Okoro", fields=[Field(acres=12)]))
        session.commit()
    shown, farm = card(1)
    assert repr(shown) == "Okoro: 1" and str(Tour(farm)) == "tour to Okoro"
    assert repr(farm) == "<Farm 1: Okoro>" and repr(farm.fields) == "[<Field 1 of farm 1>]"
