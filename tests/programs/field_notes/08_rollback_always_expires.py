"""A read-only report ends its transaction with `rollback()` to be polite; the rows that it returns are expired by it, setting or not."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Station(Base):
    __tablename__ = "station"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


def stations():
    session = Session(ENGINE, expire_on_commit=False)
    try:
        found = session.query(Station).all()
        session.rollback()
        return found
    finally:
        session.close()


def names():
    return [station.name for station in stations()]  # expect: SES302


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Station(name="Nord"))
        session.commit()
    print(names())
