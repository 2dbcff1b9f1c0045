"""`if session is None: session = get()`: a helper that may be lent a session makes one when it is not, and never closes that one."""
# case: outcome=leak
from sqlalchemy import Column, Integer, String, create_engine, event
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0)
SessionLocal = sessionmaker(ENGINE)
Base = declarative_base()
held = []
event.listen(ENGINE, "checkout", lambda *what: held.append(what))


class Guest(Base):
    __tablename__ = "guest"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


def make_session():
    return SessionLocal()


def guests(session=None):
    if session is None:
        session = make_session()  # expect: SES102
    return session.query(Guest).count()


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal() as session:
        assert guests(session) == 0
    assert guests() == 0
