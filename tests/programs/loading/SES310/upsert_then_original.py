"""The price list is merged row by row and the originals are then changed: they never belonged to the session, nothing is stored."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Price(Base):
    __tablename__ = "price"
    sku = Column(String(10), primary_key=True)
    cents = Column(Integer)
    revision = Column(Integer, default=0)


def parse(lines):
    for line in lines:
        sku, cents = line.split(",")
        yield Price(sku=sku, cents=int(cents))


def load(lines, revision):
    with Session() as session:
        for price in parse(lines):
            session.merge(price)  # expect: SES310
            price.revision = revision
        session.commit()


def revision_of(sku):
    with Session() as session:
        return session.get(Price, sku).revision


def main():
    Base.metadata.create_all(ENGINE)
    load(["A1,500", "B2,750"], 3)
    assert revision_of("A1") == 0
