"""`jinja2.Template` by itself, with a dictionary as context: a filter counts the lines of an order whose unit of work is over."""
# case: outcome=DetachedInstanceError
from jinja2 import Template
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)
SLIP = Template("{{ order.number }}: {{ order.lines | length }} lines for {{ name }}")
LABEL = Template("{{ order.number | upper }} for {{ name }}")


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
        return self.session.query(Order).order_by(Order.id.desc()).first()


def newest_order():
    with Orders() as orders:
        return orders.newest()


def label(name):
    order = newest_order()
    return LABEL.render(**locals())


def slip(name):
    order = newest_order()
    return SLIP.render({"order": order, "name": name})  # expect: SES306


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Order(number="a-7", lines=[OrderLine()]))
    assert label("Ugo") == "A-7 for Ugo"
    print(slip("Ugo"))
