"""A Flask application handles missing rows and missing pages, but a detached instance becomes a bare 500."""
# case: outcome=ok select=SES505
from flask import Flask, jsonify
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.orm.exc import DetachedInstanceError
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()
app = Flask("mine")  # expect: SES505


class Stone(Base):
    __tablename__ = "stones"
    id = Column(Integer, primary_key=True)
    kind = Column(String(20))


def missing(error):
    return jsonify(error="not there"), 404


app.register_error_handler(NoResultFound, missing)
app.register_error_handler(404, missing)


@app.get("/stones/<int:stone_id>")
def stone(stone_id):
    with SessionLocal() as session:
        found = session.get(Stone, stone_id)
        if found is None:
            raise NoResultFound
        return jsonify(found.kind)


@app.get("/worn")
def worn():
    raise DetachedInstanceError("simulated")


def main():
    Base.metadata.create_all(engine)
    client = app.test_client()
    assert client.get("/stones/1").status_code == 404
    assert client.get("/worn").status_code == 500
