"""A module-level dictionary and a home-made cache class keep mapped rows from one request to the next."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine, inspect, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()
COUNTRIES = {}


class Country(Base):
    __tablename__ = "countries"
    code = Column(String(2), primary_key=True)
    name = Column(String(40))


def country(code):
    if code not in COUNTRIES:
        with SessionLocal() as session:
            found = session.get(Country, code)
            COUNTRIES[code] = found  # expect: SES205
    return COUNTRIES[code]


def warm_up():
    with SessionLocal() as session:
        for row in session.execute(select(Country)).scalars():
            COUNTRIES.setdefault(row.code, row)  # expect: SES205


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal() as session:
        session.add_all([Country(code="AT", name="Austria"), Country(code="PE", name="Peru")])
        session.commit()
    assert country("AT") is country("AT")
    warm_up()
    assert set(COUNTRIES) == {"AT", "PE"}
    assert inspect(COUNTRIES["PE"]).detached
