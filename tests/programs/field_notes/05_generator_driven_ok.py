"""The generator is driven to its end: by a `for`, by `contextmanager`, by `close()` in a `finally` after the `next()`."""
# case: outcome=ok
from contextlib import closing, contextmanager

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
SessionLocal = sessionmaker(ENGINE)
Base = declarative_base()


class Setting(Base):
    __tablename__ = "setting"
    name = Column(String(20), primary_key=True)
    value = Column(Integer)


def get_db():
    session = SessionLocal()
    try:
        yield session
    finally:
        session.close()


db_scope = contextmanager(get_db)


def by_scope(name):
    with db_scope() as session:
        found = session.get(Setting, name)
        return found.value if found else None


def by_close(name):
    generator = get_db()
    try:
        found = next(generator).get(Setting, name)
        return found.value if found else None
    finally:
        generator.close()


def by_closing(name):
    with closing(get_db()) as generator:
        session = next(generator)
        return session.query(Setting).filter_by(name=name).count()


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal.begin() as session:
        session.add(Setting(name="size", value=4))
    assert (by_scope("size"), by_close("size"), by_closing("size")) == (4, 4, 1)
