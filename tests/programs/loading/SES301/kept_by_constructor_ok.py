"""Nothing is expired and the relationships were set by hand, so the new order carries its customer and lines out of the scope."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE, expire_on_commit=False)


class Customer(Base):
    __tablename__ = "customer"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    customer_id = Column(ForeignKey("customer.id"))
    customer = relationship(Customer)
    lines = relationship("Line")


class Line(Base):
    __tablename__ = "line"
    id = Column(Integer, primary_key=True)
    order_id = Column(ForeignKey("orders.id"))
    article = Column(String(40))


def place(name, *articles):
    with Session() as session:
        order = Order(customer=Customer(name=name), lines=[Line(article=article) for article in articles])
        session.add(order)
        session.commit()
        return order


def key_of_customer(pk):
    with Session() as session:
        order = session.get(Order, pk)
    return order.customer_id


def receipt(order):
    return f"{order.id}: {order.customer.name} buys {', '.join(line.article for line in order.lines)}"


def main():
    Base.metadata.create_all(ENGINE)
    assert receipt(place("Ivo", "rope", "hook")) == "1: Ivo buys rope, hook"
    assert key_of_customer(1) == 1
