"""Three ways to bring the columns of subclasses along: `with_polymorphic`, `selectin_polymorphic`, or a query on the subclass itself."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base, selectin_polymorphic, sessionmaker, with_polymorphic

ENGINE = create_engine("sqlite://")
Base = declarative_base()
factory = sessionmaker(bind=ENGINE)


class Animal(Base):
    __tablename__ = "animal"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))
    kind = Column(String(10))
    __mapper_args__ = {"polymorphic_identity": "animal", "polymorphic_on": kind}


class Bird(Animal):
    __tablename__ = "bird"
    id = Column(ForeignKey("animal.id"), primary_key=True)
    wingspan = Column(Integer)
    __mapper_args__ = {"polymorphic_identity": "bird"}


class Fish(Animal):
    __tablename__ = "fish"
    id = Column(ForeignKey("animal.id"), primary_key=True)
    depth = Column(Integer)
    __mapper_args__ = {"polymorphic_identity": "fish"}


def fetch(statement):
    session = factory()
    try:
        return session.execute(statement).scalars().all()
    finally:
        session.close()


def everything():
    return fetch(select(with_polymorphic(Animal, [Bird, Fish])))


def birds_loaded():
    return fetch(select(Animal).options(selectin_polymorphic(Animal, [Bird])))


def numbers():
    found = [animal.wingspan if isinstance(animal, Bird) else animal.depth for animal in everything()]
    found += [animal.wingspan for animal in birds_loaded() if isinstance(animal, Bird)]
    return found + [fish.depth for fish in fetch(select(Fish))]


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add_all([Bird(name="Kea", wingspan=96), Fish(name="Ide", depth=3)])
        session.commit()
    assert sorted(numbers()) == [3, 3, 96, 96]
