from functools import wraps

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False})
open_session = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Mood(Base):
    __tablename__ = "moods"
    id = Column(Integer, primary_key=True)
    word = Column(String(20))


def with_db_session(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        with open_session() as session:
            return view(session, *args, **kwargs)

    return wrapper
