"""Three hybrids of a basket that only ever work on an instance: a sum and a loop over a relationship, and its length; the fourth is fine."""
# case: outcome=ok
from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Basket(Base):
    __tablename__ = "basket"
    id = Column(Integer, primary_key=True)
    paid = Column(Boolean, default=False)
    coupon = Column(Integer, default=0)
    positions = relationship("Position")

    @hybrid_property
    def total(self):  # expect: SES405
        return sum(position.cents for position in self.positions)

    @hybrid_property
    def size(self):  # expect: SES405
        return len(self.positions)

    @hybrid_property
    def dearest(self):  # expect: SES405
        found = None
        for position in self.positions:
            if found is None or position.cents > found.cents:
                found = position
        return found

    @hybrid_property
    def discounted(self):
        return self.coupon > 0


class Position(Base):
    __tablename__ = "position"
    id = Column(Integer, primary_key=True)
    basket_id = Column(ForeignKey("basket.id"))
    article = Column(String(30))
    cents = Column(Integer)


def fails(name):
    try:
        return getattr(Basket, name) is None
    except Exception:
        return True


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Basket(coupon=1, positions=[Position(article="tea", cents=300), Position(article="jam", cents=450)]))
        session.commit()
        basket = session.query(Basket).filter(Basket.discounted).one()
        assert (basket.total, basket.size, basket.dearest.article) == (750, 2, "jam")
    assert all(fails(name) for name in ("total", "size", "dearest"))
