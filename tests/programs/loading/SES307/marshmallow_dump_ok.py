"""The schema's nested stops were loaded with the routes; a second schema excludes them, a third one names the foreign key only."""
# case: outcome=ok
from marshmallow import Schema, fields
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base, joinedload, relationship

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Route(Base):
    __tablename__ = "route"
    id = Column(Integer, primary_key=True)
    number = Column(String(5))
    stops = relationship("Stop", back_populates="route")


class Stop(Base):
    __tablename__ = "stop"
    id = Column(Integer, primary_key=True)
    route_id = Column(ForeignKey("route.id"))
    name = Column(String(40))
    route = relationship(Route, back_populates="stops")


class StopSchema(Schema):
    name = fields.String()
    route_id = fields.Integer()


class RouteSchema(Schema):
    id = fields.Integer(dump_only=True)
    number = fields.String(required=True)
    stops = fields.List(fields.Nested(StopSchema))


def fetch(statement):
    with Session(ENGINE) as session:
        return session.execute(statement).scalars().unique().all()


def timetable():
    return RouteSchema(many=True).dump(fetch(select(Route).options(joinedload(Route.stops))))


def numbers():
    return RouteSchema(many=True, exclude=["stops"]).dump(fetch(select(Route)))


def stops():
    return StopSchema().dump(fetch(select(Stop)), many=True)


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Route(number="14", stops=[Stop(name="Gate")]))
        session.commit()
    assert timetable()[0]["stops"] == [{"name": "Gate", "route_id": 1}]
    assert numbers() == [{"id": 1, "number": "14"}]
    assert stops() == [{"name": "Gate", "route_id": 1}]
