from functools import wraps

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
sessions = scoped_session(sessionmaker(bind=engine))
Base = declarative_base()


class Mood(Base):
    __tablename__ = "moods"
    id = Column(Integer, primary_key=True)
    word = Column(String(20))


def with_db_session(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        try:
            return view(*args, db=sessions(), **kwargs)
        finally:
            sessions.remove()

    return wrapper
