"""Joined inheritance: the query on the base class brings the base columns, and those of the subclass are loaded on access, too late."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base, sessionmaker

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


class Zoo:
    def __init__(self):
        self.animals = []

    def open(self):
        session = factory()
        try:
            self.animals = session.query(Animal).order_by(Animal.name).all()
        finally:
            session.close()
        return self

    def roll(self):
        return [f"{animal.name} ({animal.kind})" for animal in self.animals]

    def widest(self):
        birds = [animal for animal in self.animals if isinstance(animal, Bird)]
        return max(bird.wingspan for bird in birds)  # expect: SES301


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add_all([Bird(name="Kea", wingspan=96), Fish(name="Ide", depth=3)])
        session.commit()
    zoo = Zoo().open()
    assert zoo.roll() == ["Ide (fish)", "Kea (bird)"]
    print(zoo.widest())
