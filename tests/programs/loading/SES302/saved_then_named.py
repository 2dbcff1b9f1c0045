"""A store commits what it was given and closes; the caller prints the key of the row, which the commit has expired."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
make = sessionmaker(bind=ENGINE)


class Parcel(Base):
    __tablename__ = "parcel"
    id = Column(Integer, primary_key=True)
    town = Column(String(40))

    def label(self):
        return f"{self.id}-{self.town}"  # expect: SES302


class Store:
    def __init__(self, factory):
        self.factory = factory

    def save(self, entity):
        session = self.factory()
        try:
            session.add(entity)
            session.commit()
        except Exception:
            session.rollback()
            raise
        finally:
            session.close()
        return entity


def accept(store, town):
    parcel = store.save(Parcel(town=town))
    return parcel.label()  # allow: SES302


def main():
    Base.metadata.create_all(ENGINE)
    assert Parcel(id=3, town="Gent").label() == "3-Gent"
    print(accept(Store(make), "Lier"))
