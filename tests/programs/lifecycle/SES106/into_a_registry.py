"""Scopes whose session ends up in a module-level list, in a long-lived object that was passed in, and in a returned closure."""
# case: outcome=leak
from sqlalchemy import Column, Integer, String, create_engine, event, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite:///file:p_into?mode=memory&cache=shared&uri=true", poolclass=QueuePool)
maker = sessionmaker(bind=ENGINE)
Base = declarative_base()
OPENED = []
HELD = []
event.listen(ENGINE, "checkout", lambda *arguments: HELD.append(arguments))


class Buoy(Base):
    __tablename__ = "buoys"
    id = Column(Integer, primary_key=True)
    colour = Column(String(10))


def register(colour):
    with maker() as session:
        session.add(Buoy(colour=colour))
        session.commit()
        OPENED.append(session)  # expect: SES106


def lookup():
    with maker.begin() as session:
        return lambda buoy_id: session.get(Buoy, buoy_id).colour  # expect: SES106  # allow: SES103


def count(found):
    with maker() as session:
        found.extend(session.execute(select(Buoy.colour)).scalars())
        return len(found)


def main():
    Base.metadata.create_all(ENGINE)
    register("red")
    assert count([]) == 1
    assert ENGINE.pool.checkedout() == 0
    assert lookup()(1) == "red"
