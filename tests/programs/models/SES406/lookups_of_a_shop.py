"""1.x habits: a generic repository with the model in an attribute, a lookup with options in between, one with a lock, one in a loop."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker, subqueryload

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Shop(Base):
    __tablename__ = "shop"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))
    hours = relationship("Hours")


class Hours(Base):
    __tablename__ = "hours"
    shop_id = Column(ForeignKey("shop.id"), primary_key=True)
    weekday = Column(Integer, primary_key=True)
    opens = Column(Integer)


class Repository:
    model = Shop

    def __init__(self, session):
        self.session = session

    def one(self, pk):
        return self.session.query(self.model).get(pk)  # expect: SES406

    def with_hours(self, pk):
        query = self.session.query(Shop).options(subqueryload(Shop.hours))
        return query.get(pk)  # expect: SES406

    def locked(self, pk):
        return self.session.query(Shop).populate_existing().with_for_update().get(pk)  # expect: SES406

    def opens(self, pk, weekday):
        hours = self.session.query(Hours).get({"shop_id": pk, "weekday": weekday})  # expect: SES406
        return hours.opens if hours is not None else None

    def modern(self, pk):
        return self.session.get(self.model, pk)


def week(session, pk):
    repository = Repository(session)
    return [repository.opens(pk, weekday) for weekday in range(2)]


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Shop(name="Iris", hours=[Hours(weekday=0, opens=9)]))
        session.commit()
        shops = Repository(session)
        assert shops.one(1) is shops.modern(1) is shops.locked(1)
        assert len(shops.with_hours(1).hours) == 1
        assert week(session, 1) == [9, None]
