"""Reprs of serial numbers and keys work in every test, and raise when a log line prints what a commit has expired and a close detached."""
# case: outcome=DetachedInstanceError select=SES402
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Meter(Base):
    __tablename__ = "meter"
    id = Column(Integer, primary_key=True)
    serial = Column(String(20))

    def __repr__(self):
        return "<Meter " + self.serial + ">"  # expect: SES402  # allow: SES302


class Tariff(Base):
    __tablename__ = "tariff"
    id = Column(Integer, primary_key=True)
    cents = Column(Integer)

    def euros(self):
        return self.cents / 100

    def __str__(self):
        number = self.id  # expect: SES402  # allow: SES302
        return f"tariff {number}"


def install(serial):
    meter = Meter(serial=serial)
    with Session.begin() as session:
        session.add_all([meter, Tariff(cents=31)])
    return meter


def main():
    Base.metadata.create_all(ENGINE)
    assert repr(Meter(serial="z")) == "<Meter z>"
    print([install("M-77")])  # allow: SES302
