"""A marshmallow schema nests the stops of a route; the route is dumped when the unit of work has closed its session."""
# case: outcome=DetachedInstanceError
from marshmallow import Schema, fields
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base, relationship

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Route(Base):
    __tablename__ = "route"
    id = Column(Integer, primary_key=True)
    number = Column(String(5))
    stops = relationship("Stop")


class Stop(Base):
    __tablename__ = "stop"
    id = Column(Integer, primary_key=True)
    route_id = Column(ForeignKey("route.id"))
    name = Column(String(40))


class StopSchema(Schema):
    name = fields.String()


class RouteSchema(Schema):
    id = fields.Integer(dump_only=True)
    number = fields.String(required=True)
    stops = fields.List(fields.Nested(StopSchema))


class Work:
    def __enter__(self):
        self.session = Session(ENGINE)
        return self

    def __exit__(self, *error):
        self.session.close()

    def routes(self):
        return self.session.execute(select(Route)).scalars().all()


def numbers():
    with Work() as work:
        routes = work.routes()
    return RouteSchema(many=True, only=("id", "number")).dump(routes)


def timetable():
    with Work() as work:
        routes = work.routes()
    return RouteSchema(many=True).dump(routes)  # expect: SES307


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Route(number="14", stops=[Stop(name="Gate")]))
        session.commit()
    assert numbers() == [{"id": 1, "number": "14"}]
    print(timetable())
