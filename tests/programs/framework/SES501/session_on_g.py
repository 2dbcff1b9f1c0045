"""A Flask application puts a session on `g` before each request; a teardown is there, but it only counts requests."""
# case: outcome=leak
from flask import Flask, g
from sqlalchemy import Column, Integer, String, create_engine, event, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()
app = Flask(__name__)
SERVED = []
HELD = []
event.listen(ENGINE, "checkout", lambda *arguments: HELD.append(arguments))


class Cheese(Base):
    __tablename__ = "cheeses"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


@app.before_request
def open_session():
    g.db = SessionLocal()  # expect: SES501  # allow: SES102


@app.teardown_request
def count(error):
    SERVED.append(error)


@app.get("/cheeses")
def cheeses():
    return ",".join(g.db.execute(select(Cheese.name)).scalars())


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal() as seed:
        seed.add(Cheese(name="Brie"))
        seed.commit()
    assert app.test_client().get("/cheeses").get_data(as_text=True) == "Brie"
    assert SERVED == [None]
