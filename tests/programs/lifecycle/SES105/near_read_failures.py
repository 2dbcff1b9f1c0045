"""Handlers around reads and around other people's errors: nothing was flushed, so there is nothing to roll back."""
# case: outcome=ok
import json

from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
maker = sessionmaker(bind=ENGINE, autoflush=False)
Base = declarative_base()


class Lens(Base):
    __tablename__ = "lenses"
    id = Column(Integer, primary_key=True)
    mount = Column(String(10))


def the_only(session, mount):
    try:
        return session.execute(select(Lens).where(Lens.mount == mount)).scalars().one()
    except NoResultFound:
        lens = Lens(mount=mount)
        session.add(lens)
        session.commit()
        return lens
    except MultipleResultsFound:
        return session.execute(select(Lens).where(Lens.mount == mount).order_by(Lens.id)).scalars().first()


def load(session, lines):
    broken = 0
    for line in lines:
        try:
            mount = json.loads(line)["mount"]
        except (ValueError, KeyError):
            broken += 1
            continue
        session.add(Lens(mount=mount))
    session.commit()
    return broken


def main():
    Base.metadata.create_all(ENGINE)
    with maker() as session:
        assert the_only(session, "M").id == 1
        assert load(session, ['{"mount": "M"}', "{}", "?"]) == 2
        assert the_only(session, "M").id == 1
    assert ENGINE.pool.checkedout() == 0
