"""Every view with a query is under the decorator, above or below others; what is not has no query, or is a command and no view."""
# case: outcome=ok select=SES504
from functools import wraps

from flask import Flask, jsonify
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()
app = Flask(__name__)


class Kite(Base):
    __tablename__ = "kites"
    id = Column(Integer, primary_key=True)
    colour = Column(String(20))


def with_db_session(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        with SessionLocal() as session:
            return view(*args, session=session, **kwargs)

    return wrapper


def no_store(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        response = view(*args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return wrapper


@app.get("/kites")
@no_store
@with_db_session
def kites(session):
    return jsonify(session.execute(select(Kite.colour)).scalars().all())


@app.get("/colours")
def colours():
    return jsonify(["red", "blue"])


@app.cli.command("seed")
def seed_command():
    seed(["red"])


def seed(colours):
    with SessionLocal() as session:
        session.add_all([Kite(colour=colour) for colour in colours])
        session.commit()


def main():
    Base.metadata.create_all(ENGINE)
    assert app.test_cli_runner().invoke(args=["seed"]).exit_code == 0
    client = app.test_client()
    assert client.get("/kites").json == ["red"]
    assert client.get("/colours").json == ["red", "blue"]
    assert ENGINE.pool.checkedout() == 0
