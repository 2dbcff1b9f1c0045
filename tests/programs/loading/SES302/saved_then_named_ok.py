"""The store refreshes the row after the commit, while the session still lives; another method hands out the key it read before."""
# case: outcome=ok
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
        return f"{self.id}-{self.town}"


class Store:
    def __init__(self, factory):
        self.factory = factory

    def save(self, entity):
        session = self.factory()
        try:
            session.add(entity)
            session.commit()
            session.refresh(entity)
        except Exception:
            session.rollback()
            raise
        finally:
            session.close()
        return entity

    def save_for_key(self, entity):
        session = self.factory()
        try:
            session.add(entity)
            session.flush()
            key = entity.id
            session.commit()
            return key
        except Exception:
            session.rollback()
            raise
        finally:
            session.close()


def accept(store, town):
    parcel = store.save(Parcel(town=town))
    return parcel.label()


def main():
    Base.metadata.create_all(ENGINE)
    store = Store(make)
    assert accept(store, "Lier") == "1-Lier"
    assert store.save_for_key(Parcel(town="Gent")) == 2
