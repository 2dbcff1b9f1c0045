"""Only the stock is expired, on purpose, to be read anew; then the item is taken out of the session before anybody read it."""
# case: outcome=DetachedInstanceError
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
        self.session.expunge(item)
        return item


def ticket(item):
    head = f"{item.sku} {item.title}"
    return f"{head}: {item.stock} left"  # expect: SES302


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Item(sku="N-8", title="nail", stock=100))
        session.commit()
    with Session(ENGINE) as session:
        item = Warehouse(session).take("N-8", 30)
        print(ticket(item))  # allow: SES302
