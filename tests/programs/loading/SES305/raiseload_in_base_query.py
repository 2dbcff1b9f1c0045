"""A repository's base query raises on one named relationship; a serializer shared with another query reads just that one."""
# case: outcome=InvalidRequestError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, raiseload, relationship, selectinload, sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Region(Base):
    __tablename__ = "region"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    rivers = relationship("River", back_populates="region")


class River(Base):
    __tablename__ = "river"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    region_id = Column(ForeignKey("region.id"))
    region = relationship(Region, back_populates="rivers")


class RiverRepository:
    def __init__(self, session):
        self.session = session

    def base(self):
        return self.session.query(River).options(raiseload(River.region))

    def all(self):
        return self.base().order_by(River.name).all()

    def with_region(self):
        return self.session.query(River).options(selectinload(River.region)).all()


def as_dict(river, deep):
    data = {"name": river.name}
    if deep:
        data["region"] = river.region.name  # expect: SES305
    return data


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(River(name="Ouse", region=Region(name="York")))
        session.commit()
    with Session() as session:
        rivers = RiverRepository(session)
        assert [as_dict(river, False) for river in rivers.all()] == [{"name": "Ouse"}]
    with Session() as session:
        rivers = RiverRepository(session)
        assert [as_dict(river, True) for river in rivers.with_region()] == [{"name": "Ouse", "region": "York"}]
    with Session() as session:
        print([as_dict(river, True) for river in RiverRepository(session).all()])  # allow: SES305
