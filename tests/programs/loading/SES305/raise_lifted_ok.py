"""`lazy="raise"` on the model, and each read has its own way round: an option, an assignment before the read, a set committed value, a guard."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, inspect
from sqlalchemy.orm import declarative_base, joinedload, relationship, sessionmaker
from sqlalchemy.orm.attributes import set_committed_value

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Region(Base):
    __tablename__ = "region"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


class River(Base):
    __tablename__ = "river"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    region_id = Column(ForeignKey("region.id"))
    region = relationship(Region, lazy="raise")


def by_option(session):
    return session.query(River).options(joinedload(River.region)).one().region.name


def by_guard(session):
    river = session.query(River).one()
    if "region" in inspect(river).unloaded:
        return session.get(Region, river.region_id).name
    return river.region.name


def by_hand(session):
    river = session.query(River).one()
    set_committed_value(river, "region", session.get(Region, river.region_id))
    return river.region.name


def by_assignment(session):
    river = River(name="Wye")
    river.region = Region(name="Powys")
    session.add(river)
    session.flush()
    return river.region.name


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(River(name="Ouse", region=Region(name="York")))
        session.commit()
    found = []
    for way in (by_option, by_guard, by_hand, by_assignment):
        with Session() as session:
            found.append(way(session))
    assert found == ["York", "York", "York", "Powys"]
