"""Caches that hold numbers, names, dictionaries and a factory; rows are only read to fill them."""
# case: outcome=ok
from functools import lru_cache

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
Base = declarative_base()
NAMES = {}
TOTALS = {}


class Country(Base):
    __tablename__ = "countries"
    code = Column(String(2), primary_key=True)
    name = Column(String(40))
    people = Column(Integer)

    def to_dict(self):
        return {"code": self.code, "name": self.name}


@lru_cache
def maker():
    return sessionmaker(bind=ENGINE)


@lru_cache(maxsize=8)
def country(code):
    with maker()() as session:
        row = session.get(Country, code)
        return row.to_dict() if row else None


def name_of(code):
    if code not in NAMES:
        with maker()() as session:
            row = session.get(Country, code)
            NAMES[code] = row.name
    return NAMES[code]


def refresh():
    with maker()() as session:
        TOTALS["people"] = session.execute(select(func.sum(Country.people))).scalar()
        TOTALS.update((row.code, row.people) for row in session.execute(select(Country)).scalars())


def main():
    Base.metadata.create_all(ENGINE)
    with maker()() as session:
        session.add(Country(code="AT", name="Austria", people=9))
        session.commit()
    assert country("AT")["name"] == name_of("AT") == "Austria"
    refresh()
    assert TOTALS == {"people": 9, "AT": 9}
    assert ENGINE.pool.checkedout() == 0
