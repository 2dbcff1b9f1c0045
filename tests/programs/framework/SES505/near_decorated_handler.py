"""A Flask application with a decorated handler for the error, imported under another name."""
# case: outcome=ok select=SES505
from flask import Flask, jsonify
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.orm.exc import DetachedInstanceError as StaleRow
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Stone(Base):
    __tablename__ = "stones"
    id = Column(Integer, primary_key=True)
    kind = Column(String(20))


def create_app():
    app = Flask("mine")

    @app.errorhandler(StaleRow)
    def reload_please(error):
        return jsonify(error="please reload"), 503

    @app.get("/stones")
    def stones():
        with SessionLocal() as session:
            return jsonify(session.execute(select(Stone.kind)).scalars().all())

    @app.get("/worn")
    def worn():
        raise StaleRow("simulated")

    return app


def main():
    Base.metadata.create_all(ENGINE)
    client = create_app().test_client()
    assert client.get("/stones").json == []
    assert client.get("/worn").status_code == 503
    assert ENGINE.pool.checkedout() == 0
