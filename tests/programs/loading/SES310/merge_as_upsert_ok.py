"""Dropping the result is fine where the original is not used any more, or only for what it holds itself: this is a plain upsert."""
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


def parse(lines):
    for line in lines:
        sku, cents = line.split(",")
        yield Price(sku=sku, cents=int(cents))


def load(lines):
    with Session() as session:
        for price in parse(lines):
            session.merge(price)
        session.commit()


def load_settings(settings):
    session = Session()
    try:
        for sku, cents in settings.items():
            session.merge(Price(sku=sku, cents=cents))
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


def raise_by(sku, cents):
    with Session() as session:
        price = session.get(Price, sku)
        session.merge(price)
        price.cents += cents
        session.commit()


def main():
    Base.metadata.create_all(ENGINE)
    load(["A1,500", "B2,750"])
    load_settings({"A1": 510})
    raise_by("A1", 5)
    with Session() as session:
        assert session.get(Price, "A1").cents == 515
