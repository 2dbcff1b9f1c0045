"""`Session.get` with options asks the database when the map has no such row, or when it is told to populate."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, selectinload, sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Boat(Base):
    __tablename__ = "boat"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    sails = relationship("Sail")


class Sail(Base):
    __tablename__ = "sail"
    id = Column(Integer, primary_key=True)
    boat_id = Column(ForeignKey("boat.id"))


def by_key(name):
    with Session() as session:
        key = session.query(Boat.id).filter_by(name=name).scalar()
        return session.get(Boat, key, options=[selectinload(Boat.sails)])


def by_population(name):
    with Session() as session:
        known = session.query(Boat).filter_by(name=name).one()
        return session.get(Boat, known.id, options=[selectinload(Boat.sails)], populate_existing=True)


def sails(boat):
    return len(boat.sails)


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Boat(name="Tern", sails=[Sail(), Sail()]))
        session.commit()
    assert [sails(by_key("Tern")), sails(by_population("Tern"))] == [2, 2]
