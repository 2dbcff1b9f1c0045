"""`close()` rolls the transaction back, too, but expires nothing: what was loaded can be read ever after."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Station(Base):
    __tablename__ = "station"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


def stations():
    session = Session(ENGINE)
    try:
        return session.query(Station).all()
    finally:
        session.close()


def renamed(name):
    with Session(ENGINE) as session:
        station = session.query(Station).first()
        station.name = name
        session.flush()
    return station


def names():
    return [station.name for station in stations()]


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Station(name="Nord"))
        session.commit()
    assert renamed("Ost").name == "Ost"
    assert names() == ["Nord"]
