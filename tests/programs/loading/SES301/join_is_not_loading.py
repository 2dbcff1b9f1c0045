"""A join for the filter is taken for loading: the SQL mentions the landlord, the flats come back without one."""
# case: outcome=DetachedInstanceError
from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

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
    wanted = select(Flat).join(Flat.landlord).where(Landlord.town == town).order_by(Landlord.surname)
    with Db() as db:
        found = db.execute(wanted).scalars().all()
    return SearchResult(query=town, flats=found)


def render(result):
    head = f"{result.count} flats in {result.query}"
    body = "; ".join(f"{flat.street} of {flat.landlord.surname}" for flat in result.flats)  # expect: SES301
    return f"{head}\n{body}"


def main():
    Base.metadata.create_all(ENGINE)
    with Db.begin() as db:
        db.add(Flat(street="Quay 4", landlord=Landlord(surname="Berg", town="Bergen")))
    print(render(search("Bergen")))
