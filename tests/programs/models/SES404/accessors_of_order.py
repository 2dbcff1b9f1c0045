"""An order's total, its `to_dict`, and an `__eq__` that compares customers; each of them needs a session that may be gone."""
# case: outcome=DetachedInstanceError select=SES404
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Customer(Base):
    __tablename__ = "customer"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    customer_id = Column(ForeignKey("customer.id"))
    number = Column(String(10))
    customer = relationship(Customer)
    lines = relationship("Line")

    @property
    def total(self):
        cents = 0
        for line in self.lines:  # expect: SES404  # allow: SES301
            cents += line.cents
        return cents

    @property
    def title(self):
        return f"No. {self.number}"

    def to_dict(self, with_lines=False):
        data = {"number": self.number, "customer_id": self.customer_id}
        if with_lines:
            data["lines"] = [line.cents for line in self.lines]  # expect: SES404  # allow: SES301
        return data

    def __eq__(self, other):
        return isinstance(other, Order) and self.customer is other.customer  # expect: SES404  # allow: SES301

    def __hash__(self):
        return hash(self.id)

    def cancel(self):
        self.lines.clear()


class Line(Base):
    __tablename__ = "line"
    id = Column(Integer, primary_key=True)
    order_id = Column(ForeignKey("orders.id"))
    cents = Column(Integer)


def order(pk):
    with Session() as session:
        return session.get(Order, pk)


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Order(number="7", customer=Customer(name="Io"), lines=[Line(cents=5)]))
        session.commit()
        assert session.get(Order, 1).total == 5
    found = order(1)
    assert found.title == "No. 7" and found.to_dict() == {"number": "7", "customer_id": 1}
    print(found.total)  # allow: SES301
