"""The wait comes before the session, after it, or between two of them; nothing is held meanwhile."""
# case: outcome=ok select=SES109
import time

from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()
TAKEN = []


class Probe(Base):
    __tablename__ = "probes"
    id = Column(Integer, primary_key=True)
    state = Column(String(10))


def pause():
    TAKEN.append(ENGINE.pool.checkedout())
    time.sleep(0.001)


def state_of(probe_id):
    with SessionLocal() as session:
        return session.execute(select(Probe.state).where(Probe.id == probe_id)).scalar()


def wait_until(probe_id, state, turns):
    for _ in range(turns):
        if state_of(probe_id) == state:
            return True
        pause()
    return False


def start(state):
    time.sleep(0)
    with SessionLocal() as session:
        probe = Probe(state=state)
        session.add(probe)
        session.commit()
        probe_id = probe.id
    pause()
    return probe_id


def main():
    Base.metadata.create_all(ENGINE)
    probe_id = start("warm")
    assert wait_until(probe_id, "warm", 2) and not wait_until(probe_id, "cold", 2)
    assert TAKEN == [0, 0, 0]
