"""The manager's get_session is itself the scope: a context manager that commits, rolls back and closes. Nothing is acquired bare."""
# case: outcome=ok
from contextlib import contextmanager

from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
Base = declarative_base()


class Recipe(Base):
    __tablename__ = "recipes"
    id = Column(Integer, primary_key=True)
    title = Column(String(60))


class DatabaseManager:
    def __init__(self):
        self.maker = sessionmaker(bind=ENGINE)

    @contextmanager
    def get_session(self):
        session = self.maker()
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()


db_manager = DatabaseManager()


class Kitchen:
    def __init__(self):
        self.db_manager = db_manager

    def invent(self, title):
        with self.db_manager.get_session() as session:
            session.add(Recipe(title=title))


def count():
    with db_manager.get_session() as session:
        return session.execute(select(func.count(Recipe.id))).scalar()


def main():
    Base.metadata.create_all(ENGINE)
    Kitchen().invent("goulash")
    assert count() == 1
    assert ENGINE.pool.checkedout() == 0
