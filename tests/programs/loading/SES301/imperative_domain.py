"""Plain domain classes mapped from outside: nothing in the class shows that `stages` is a relationship, nor does the code that reads it."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, create_engine, select
from sqlalchemy.orm import Session, registry, relationship

ENGINE = create_engine("sqlite://")
metadata = MetaData()
mappers = registry(metadata=metadata)

tours = Table("tours", metadata, Column("id", Integer, primary_key=True), Column("title", String(40)))
stages = Table(
    "stages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("tour_id", ForeignKey("tours.id")),
    Column("kilometres", Integer),
)


class Stage:
    def __init__(self, kilometres):
        self.kilometres = kilometres


class Tour:
    def __init__(self, title, stages=()):
        self.title = title
        self.stages = list(stages)

    def distance(self):
        return sum(stage.kilometres for stage in self.stages)  # expect: SES301


class TourRepository:
    def __init__(self, bind):
        self.bind = bind

    def get(self, key):
        with Session(self.bind) as session:
            return session.get(Tour, key)

    def add(self, tour):
        with Session(self.bind) as session:
            session.add(tour)
            session.commit()


def start_mappers():
    mappers.map_imperatively(Stage, stages)
    mappers.map_imperatively(Tour, tours, properties={"stages": relationship(Stage)})


def main():
    start_mappers()
    metadata.create_all(ENGINE)
    assert Tour("not stored", [Stage(3), Stage(4)]).distance() == 7
    repository = TourRepository(ENGINE)
    repository.add(Tour("Alps", [Stage(120), Stage(95)]))
    tour = repository.get(1)
    print(tour.title, tour.distance())  # allow: SES301
