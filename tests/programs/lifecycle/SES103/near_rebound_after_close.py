"""The name goes on being used after the close, but it is bound to another session, or closed on a path that has ended."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite:///file:p_rebound?mode=memory&cache=shared&uri=true", poolclass=QueuePool)
make_session = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Stamp(Base):
    __tablename__ = "stamps"
    id = Column(Integer, primary_key=True)
    country = Column(String(20))


def collect(countries):
    session = make_session()
    try:
        for position, country in enumerate(countries, 1):
            session.add(Stamp(country=country))
            if position % 2 == 0:
                session.commit()
                session.close()
                session = make_session()
        session.commit()
    finally:
        session.close()


def count(country=None):
    session = make_session()
    try:
        if country is None:
            return session.execute(select(func.count(Stamp.id))).scalar()
        return session.execute(select(func.count(Stamp.id)).where(Stamp.country == country)).scalar()
    finally:
        session.close()


def rename(old, new):
    session = make_session()
    if old == new:
        session.close()
        return False
    try:
        for stamp in session.execute(select(Stamp).where(Stamp.country == old)).scalars():
            stamp.country = new
        session.commit()
    finally:
        session.close()
    return session is not None


def main():
    Base.metadata.create_all(ENGINE)
    collect(["Peru", "Fiji", "Mali"])
    assert count() == 3
    assert not rename("Oman", "Oman")
    assert rename("Fiji", "Cuba") and count("Cuba") == 1
    assert ENGINE.pool.checkedout() == 0
