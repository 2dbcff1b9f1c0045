from flask import g
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False})
make_session = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Yarn(Base):
    __tablename__ = "yarns"
    id = Column(Integer, primary_key=True)
    colour = Column(String(20))


def get_db():
    if "db_session" not in g:
        g.db_session = make_session()
    return g.db_session


def close_db(error=None):
    session = g.pop("db_session", None)
    if session is not None:
        session.close()


def init_app(app):
    app.teardown_appcontext(close_db)
