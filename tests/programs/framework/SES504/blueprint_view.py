"""A blueprint whose views use the session that `with_db_session` opens, but for one that gets its own through a helper."""
# case: outcome=ok select=SES504
from functools import wraps

from flask import Blueprint, Flask, g, jsonify
from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()
bp = Blueprint("lamps", __name__)


class Lamp(Base):
    __tablename__ = "lamps"
    id = Column(Integer, primary_key=True)
    room = Column(String(20))


def with_db_session(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        with SessionLocal() as session:
            return view(session, *args, **kwargs)

    return wrapper


def count_lamps():
    with SessionLocal() as session:
        return session.execute(select(func.count(Lamp.id))).scalar()


@bp.route("/lamps", methods=["POST"])
@with_db_session
def add(session):
    session.add(Lamp(room="hall"))
    session.commit()
    return "", 204


@bp.route("/lamps/count")
def count():  # expect: SES504
    return jsonify(count_lamps())


@bp.route("/about")
def about():
    g.seen = True
    return jsonify(name="lamps")


def main():
    Base.metadata.create_all(engine)
    app = Flask(__name__)
    app.register_blueprint(bp)
    client = app.test_client()
    assert client.post("/lamps").status_code == 204
    assert client.get("/lamps/count").json == 1
    assert client.get("/about").json == {"name": "lamps"}
