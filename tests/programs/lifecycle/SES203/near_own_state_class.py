"""An object called session_state that is the application's own dictionary for the length of one run; it has nothing to do with Streamlit."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Pump(Base):
    __tablename__ = "pumps"
    id = Column(Integer, primary_key=True)
    place = Column(String(20))


class RunState:
    def __init__(self, session):
        self.session = session
        self.places = []


def collect(session_state):
    session = session_state.session
    session_state.places += session.execute(select(Pump.place)).scalars()


def run():
    with SessionLocal() as session:
        session_state = RunState(session)
        collect(session_state)
        return session_state.places


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal() as session:
        session.add(Pump(place="cellar"))
        session.commit()
    assert run() == ["cellar"]
    assert ENGINE.pool.checkedout() == 0
