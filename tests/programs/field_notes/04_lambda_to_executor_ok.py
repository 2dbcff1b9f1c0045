"""The lambda captures strings and numbers that were read from the session before; the executor never sees the session."""
# case: outcome=ok
import asyncio

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Probe(Base):
    __tablename__ = "probe"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


def shout(names):
    return [name.upper() for name in names]


async def names():
    loop = asyncio.get_running_loop()
    with Session() as session:
        probes = session.query(Probe).all()
        read = [probe.name for probe in probes]
        loud = await loop.run_in_executor(None, lambda: shout(read))
        return len(probes), loud


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Probe(name="x"))
    assert asyncio.run(names()) == (1, ["X"])
