"""The stock is expired and read again inside the session; afterwards only what is loaded is asked for."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine, update
from sqlalchemy.orm import Session, declarative_base

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Item(Base):
    __tablename__ = "item"
    sku = Column(String(12), primary_key=True)
    title = Column(String(40))
    stock = Column(Integer, default=0)


class Warehouse:
    def __init__(self, session):
        self.session = session

    def take(self, sku, amount):
        item = self.session.get(Item, sku)
        reduce_stock = update(Item).where(Item.sku == sku).values(stock=Item.stock - amount)
        self.session.execute(reduce_stock, execution_options={"synchronize_session": False})
        self.session.expire(item, ["stock"])
        if item.stock < 0:
            raise ValueError(sku)
        self.session.expunge(item)
        return item

    def rename(self, sku, title):
        item = self.session.get(Item, sku)
        item.title = title
        self.session.flush()
        self.session.expire(item, ["stock"])
        self.session.expunge(item)
        return item


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Item(sku="N-8", title="nail", stock=100))
        session.commit()
    with Session(ENGINE) as session:
        taken = Warehouse(session).take("N-8", 30)
        assert taken.stock == 70
        session.commit()
    with Session(ENGINE) as session:
        renamed = Warehouse(session).rename("N-8", "long nail")
        assert (renamed.sku, renamed.title) == ("N-8", "long nail")
