"""Dependency injection without annotations: the service is given a store, the store a factory; only the objects say who is meant."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Orchard(Base):
    __tablename__ = "orchard"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    trees = relationship("AppleTree")


class AppleTree(Base):
    __tablename__ = "apple_tree"
    id = Column(Integer, primary_key=True)
    orchard_id = Column(ForeignKey("orchard.id"))
    sort = Column(String(20))


class OrchardStore:
    def __init__(self, factory):
        self.factory = factory

    def by_name(self, name):
        with self.factory() as session:
            return session.query(Orchard).filter_by(name=name).one()


class Harvest:
    def __init__(self, store):
        self.store = store

    def sorts(self, name):
        orchard = self.store.by_name(name)
        return sorted(tree.sort for tree in orchard.trees)  # expect: SES301


def main():
    Base.metadata.create_all(ENGINE)
    factory = sessionmaker(ENGINE)
    with factory() as session:
        session.add(Orchard(name="north", trees=[AppleTree(sort="Boskoop")]))
        session.commit()
    harvest = Harvest(OrchardStore(factory))
    print(harvest.sorts("north"))
