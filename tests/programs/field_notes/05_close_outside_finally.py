"""`close()` is the last statement of the happy path; a failing conversion before it leaves the session open."""
# case: outcome=leak
from sqlalchemy import Column, Integer, String, create_engine, event
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0)
SessionLocal = sessionmaker(ENGINE)
Base = declarative_base()
held = []
event.listen(ENGINE, "checkout", lambda *what: held.append(what))


class Option(Base):
    __tablename__ = "option"
    name = Column(String(20), primary_key=True)
    value = Column(String(20))


def number(name):
    session = SessionLocal()  # expect: SES102
    option = session.get(Option, name)
    value = int(option.value)
    session.close()
    return value


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal.begin() as session:
        session.add_all([Option(name="size", value="4"), Option(name="mode", value="dark")])
    assert number("size") == 4
    try:
        number("mode")
    except ValueError:
        held.append("open")
