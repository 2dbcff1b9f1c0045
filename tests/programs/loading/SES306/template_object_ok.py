"""`jinja2.Template` by itself: the count is made inside the unit of work, and the template reads a number and a column."""
# case: outcome=ok
from jinja2 import Template
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)
SLIP = Template("{{ order.number }}: {{ lines }} lines for {{ name }}{% if lines > 9 %} ({{ order.id }}){% endif %}")


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    number = Column(String(20))
    lines = relationship("OrderLine")


class OrderLine(Base):
    __tablename__ = "order_line"
    id = Column(Integer, primary_key=True)
    order_id = Column(ForeignKey("orders.id"))


class Orders:
    def __enter__(self):
        self.session = Session()
        return self

    def __exit__(self, *error):
        self.session.close()

    def newest(self):
        order = self.session.query(Order).order_by(Order.id.desc()).first()
        return order, len(order.lines)


def slip(name):
    with Orders() as orders:
        order, lines = orders.newest()
    return SLIP.render({"order": order, "lines": lines, "name": name})


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Order(number="a-7", lines=[OrderLine()]))
    assert slip("Ugo") == "a-7: 1 lines for Ugo"
