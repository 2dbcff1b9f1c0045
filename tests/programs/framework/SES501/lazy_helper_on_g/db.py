from flask import g
from sqlalchemy import Column, Integer, String, create_engine, event
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False})
make_session = sessionmaker(bind=ENGINE)
Base = declarative_base()
HELD = []
event.listen(ENGINE, "checkout", lambda *arguments: HELD.append(arguments))


class Yarn(Base):
    __tablename__ = "yarns"
    id = Column(Integer, primary_key=True)
    colour = Column(String(20))


def get_db():
    if "db_session" not in g:
        g.db_session = make_session()  # expect: SES501  # allow: SES102
    return g.db_session


def close_db(error=None):
    """Meant for a teardown, but nobody registers it."""
    session = g.pop("db_session", None)
    if session is not None:
        session.close()
