"""`Session.get` with options: the row is in the identity map already, so nothing is queried and the options are dropped on the floor."""
# case: outcome=DetachedInstanceError
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


def boat(name):
    with Session() as session:
        known = session.query(Boat).filter_by(name=name).one()
        full = session.get(Boat, known.id, options=[selectinload(Boat.sails)])
    return full


def sails(name):
    return len(boat(name).sails)  # expect: SES301


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Boat(name="Tern", sails=[Sail(), Sail()]))
        session.commit()
    print(sails("Tern"))
