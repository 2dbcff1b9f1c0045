"""`run_in_executor` is handed a lambda in which a synchronous session of the event loop's thread is used."""
# case: outcome=ok
import asyncio

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Probe(Base):
    __tablename__ = "probe"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


async def names():
    loop = asyncio.get_running_loop()
    with Session() as session:
        total = session.query(Probe).count()
        found = await loop.run_in_executor(None, lambda: session.query(Probe).all())  # expect: SES206
        return total, [probe.name for probe in found]


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Probe(name="x"))
    try:
        asyncio.run(names())
    except SQLAlchemyError:
        return
    raise AssertionError("the thread could use the session")
