"""Reprs that cannot raise: the identity, what is loaded in the dict, a guard on the expired set, the table's name."""
# case: outcome=ok select=SES402
from sqlalchemy import Column, Integer, String, create_engine, inspect
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Meter(Base):
    __tablename__ = "meter"
    id = Column(Integer, primary_key=True)
    serial = Column(String(20))

    def __repr__(self):
        return "<Meter %s>" % (self.__dict__.get("serial", "?"),)

    def check_digit(self):
        return int(self.serial[-1])


class Tariff(Base):
    __tablename__ = "tariff"
    id = Column(Integer, primary_key=True)
    cents = Column(Integer)

    def __str__(self):
        identity = inspect(self).identity
        return f"{self.__tablename__} {identity[0] if identity else 'new'}"


def install(serial):
    meter, tariff = Meter(serial=serial), Tariff(cents=31)
    with Session.begin() as session:
        session.add_all([meter, tariff])
    return meter, tariff


def main():
    Base.metadata.create_all(ENGINE)
    assert Meter(serial="z9").check_digit() == 9
    assert [str(row) for row in install("M-77")] == ["<Meter ?>", "tariff 1"]
