"""Accessors that stay with columns: arithmetic, foreign keys, parameters; and methods that are no accessors may go where they like."""
# case: outcome=ok select=SES404
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    number = Column(String(10))
    net = Column(Integer)
    tax = Column(Integer)
    lines = relationship("Line", back_populates="order")

    @property
    def gross(self):
        return self.net + self.tax

    def to_dict(self, lines=()):
        return {"number": self.number, "gross": self.gross, "lines": [line.cents for line in lines]}

    def __eq__(self, other):
        return isinstance(other, Order) and other.number == self.number

    def __hash__(self):
        return hash(self.number)

    def add_line(self, cents):
        self.lines.append(Line(cents=cents))
        self.net = sum(line.cents for line in self.lines)


class Line(Base):
    __tablename__ = "line"
    id = Column(Integer, primary_key=True)
    order_id = Column(ForeignKey("orders.id"))
    cents = Column(Integer)
    order = relationship(Order, back_populates="lines")

    @property
    def key(self):
        return self.order_id, self.id


def fetch(model):
    with Session() as session:
        return session.query(model).first()


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        order = Order(number="7", tax=1)
        order.add_line(5)
        session.add(order)
        session.commit()
    order = fetch(Order)
    assert order.to_dict() == {"number": "7", "gross": 6, "lines": []}
    assert {order} == {fetch(Order)} and fetch(Line).key == (1, 1)
