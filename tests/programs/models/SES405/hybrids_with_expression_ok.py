"""The looping hybrids have their SQL side, by the `.expression` decorator or by the `expr` argument; the rest is an ordinary property."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, func, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Position(Base):
    __tablename__ = "position"
    id = Column(Integer, primary_key=True)
    basket_id = Column(ForeignKey("basket.id"))
    article = Column(String(30))
    cents = Column(Integer)


class Basket(Base):
    __tablename__ = "basket"
    id = Column(Integer, primary_key=True)
    positions = relationship(Position)

    @hybrid_property
    def total(self):
        return sum(position.cents for position in self.positions)

    @total.expression
    def total(cls):
        amount = func.coalesce(func.sum(Position.cents), 0)
        return select(amount).where(Position.basket_id == cls.id).scalar_subquery()

    def _size(self):
        return len(self.positions)

    def _size_in_sql(cls):
        return select(func.count(Position.id)).where(Position.basket_id == cls.id).scalar_subquery()

    size = hybrid_property(_size, expr=_size_in_sql)

    @property
    def articles(self):
        return [position.article for position in self.positions]


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Basket(positions=[Position(article="tea", cents=300), Position(article="jam", cents=450)]))
        session.add(Basket())
        session.commit()
        basket = session.execute(select(Basket).where(Basket.total > 500, Basket.size == 2)).scalar_one()
        assert (basket.total, basket.size, basket.articles) == (750, 2, ["tea", "jam"])
