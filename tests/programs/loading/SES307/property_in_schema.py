"""The schema's field is a property of the model, and the property is what counts the bids of a detached lot."""
# case: outcome=ok
from marshmallow import Schema, fields
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
from sqlalchemy.orm.exc import DetachedInstanceError

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
        return max((bid.cents for bid in self.bids), default=0)  # allow: SES301


class Bid(Base):
    __tablename__ = "bid"
    id = Column(Integer, primary_key=True)
    lot_id = Column(ForeignKey("lot.id"))
    cents = Column(Integer)


class LotHeading(Schema):
    heading = fields.String()


class LotSchema(LotHeading):
    highest = fields.Integer()


def lot(pk):
    with Session() as session:
        return session.get(Lot, pk)


def heading(pk):
    return LotHeading().dump(lot(pk))


def catalogue(pk):
    found = lot(pk)
    return LotSchema().dump(found)  # expect: SES307


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Lot(title="vase", bids=[Bid(cents=500)]))
    assert heading(1) == {"heading": "1. vase"}
    try:
        catalogue(1)
    except DetachedInstanceError:
        return
    raise AssertionError("the lot could be serialized")
