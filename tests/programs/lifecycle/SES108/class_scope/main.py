"""A unit of work whose __exit__ commits and closes, used by a service that also commits by hand before it leaves the block."""
# case: outcome=ok
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from lessons import Base, Timetable
from work import UnitOfWork

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


def main():
    Base.metadata.create_all(engine)
    timetable = Timetable(lambda: UnitOfWork(engine))
    timetable.plan("maths", 8)
    timetable.plan("music", 9)
    timetable.cancel("maths")
    assert timetable.names() == ["music"]
