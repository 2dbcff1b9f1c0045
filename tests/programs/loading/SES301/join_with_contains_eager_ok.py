"""The join is for the filter and for loading: `contains_eager` fills the landlord from the columns of the joined alias."""
# case: outcome=ok
from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import aliased, contains_eager, declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Db = sessionmaker(bind=ENGINE)


class Landlord(Base):
    __tablename__ = "landlord"
    id = Column(Integer, primary_key=True)
    surname = Column(String(40))
    town = Column(String(40))


class Flat(Base):
    __tablename__ = "flat"
    id = Column(Integer, primary_key=True)
    street = Column(String(60))
    landlord_id = Column(ForeignKey("landlord.id"), nullable=False)
    landlord = relationship(Landlord)


@dataclass
class SearchResult:
    query: str
    flats: list

    @property
    def count(self):
        return len(self.flats)


def search(town):
    owner = aliased(Landlord)
    wanted = (
        select(Flat)
        .join(Flat.landlord.of_type(owner))
        .where(owner.town == town)
        .options(contains_eager(Flat.landlord.of_type(owner)))
    )
    with Db() as db:
        found = db.execute(wanted).scalars().all()
    return SearchResult(query=town, flats=found)


def render(result):
    head = f"{result.count} flats in {result.query}"
    body = "; ".join(f"{flat.street} of {flat.landlord.surname}" for flat in result.flats)
    return f"{head}\n{body}"


def main():
    Base.metadata.create_all(ENGINE)
    with Db.begin() as db:
        db.add(Flat(street="Quay 4", landlord=Landlord(surname="Berg", town="Bergen")))
    assert render(search("Bergen")) == "1 flats in Bergen\nQuay 4 of Berg"
