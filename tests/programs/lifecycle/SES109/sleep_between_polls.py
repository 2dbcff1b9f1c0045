"""A poller queries, and waits for the next turn with its session open: the connection is taken all the while."""
# case: outcome=ok select=SES109
import time

from sqlalchemy import Boolean, Column, Integer, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite:///file:p_poll?mode=memory&cache=shared&uri=true", poolclass=QueuePool)
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()
TAKEN = []


class Job(Base):
    __tablename__ = "jobs"
    id = Column(Integer, primary_key=True)
    done = Column(Boolean, default=False)


def pause(seconds):
    TAKEN.append(ENGINE.pool.checkedout())
    time.sleep(seconds)  # expect: SES109


def wait_for_jobs(turns):
    with SessionLocal() as session:
        for _ in range(turns):
            waiting = session.execute(select(func.count(Job.id)).where(Job.done.is_(False))).scalar()
            if not waiting:
                return True
            pause(0.001)  # allow: SES109
    return False


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal() as seed:
        seed.add(Job())
        seed.commit()
    assert not wait_for_jobs(2)
    assert TAKEN == [1, 1]
