"""The mapping from outside says `lazy="subquery"`, so the domain method may walk the stages of a tour whose session is gone."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, create_engine
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
        return sum(stage.kilometres for stage in self.stages)


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
    mappers.map_imperatively(Tour, tours, properties={"stages": relationship(Stage, lazy="subquery")})


def main():
    start_mappers()
    metadata.create_all(ENGINE)
    repository = TourRepository(ENGINE)
    repository.add(Tour("Alps", [Stage(120), Stage(95)]))
    tour = repository.get(1)
    assert (tour.title, tour.distance()) == ("Alps", 215)
