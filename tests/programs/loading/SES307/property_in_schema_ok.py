"""The property that the schema reads finds its bids loaded; a model validates a property that is made of columns alone."""
# case: outcome=ok
from marshmallow import Schema, fields
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, selectinload, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Lot(Base):
    __tablename__ = "lot"
    id = Column(Integer, primary_key=True)
    title = Column(String(20))
    bids = relationship("Bid")

    @property
    def heading(self):
        return f"{self.id}. {self.title}"

    @property
    def highest(self):
        return max((bid.cents for bid in self.bids), default=0)


class Bid(Base):
    __tablename__ = "bid"
    id = Column(Integer, primary_key=True)
    lot_id = Column(ForeignKey("lot.id"))
    cents = Column(Integer)


class LotSchema(Schema):
    heading = fields.String()
    highest = fields.Integer()


class LotHeading(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    heading: str


def lot(pk, *options):
    with Session() as session:
        return session.get(Lot, pk, options=options)


def heading(pk):
    return LotHeading.model_validate(lot(pk)).heading


def catalogue(pk):
    return LotSchema().dump(lot(pk, selectinload(Lot.bids)))


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Lot(title="vase", bids=[Bid(cents=500)]))
    assert heading(1) == "1. vase"
    assert catalogue(1) == {"heading": "1. vase", "highest": 500}
