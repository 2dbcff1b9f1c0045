"""A registry that a decorated teardown removes, and on `g` nothing but a name; the command-line part ends its registry by itself."""
# case: outcome=ok
from flask import Flask, g, jsonify
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False})
Sessions = scoped_session(sessionmaker(bind=ENGINE))
Base = declarative_base()
app = Flask(__name__)


class Cheese(Base):
    __tablename__ = "cheeses"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


@app.before_request
def remember_table():
    g.table = Cheese.__tablename__


@app.teardown_request
def shutdown(error=None):
    Sessions.remove()


@app.get("/cheeses")
def cheeses():
    return jsonify({g.table: Sessions.execute(select(Cheese.name)).scalars().all()})


def seed(names):
    try:
        Sessions.add_all([Cheese(name=name) for name in names])
        Sessions.commit()
    finally:
        Sessions.remove()


def main():
    Base.metadata.create_all(ENGINE)
    seed(["Brie", "Edam"])
    assert app.test_client().get("/cheeses").json == {"cheeses": ["Brie", "Edam"]}
    assert ENGINE.pool.checkedout() == 0
