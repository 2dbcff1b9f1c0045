"""Relationships are read of rows that the view queried with an eager option; `current_user` is a plain object whose teams are a list of words."""
# case: outcome=ok
from flask import Flask, g, render_template
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, relationship, selectinload, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()
app = Flask(__name__)


class Club(Base):
    __tablename__ = "clubs"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    players = relationship("Player")


class Player(Base):
    __tablename__ = "players"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    club_id = Column(ForeignKey("clubs.id"))


class Visitor:
    name = "guest"
    tags = ("new", "quiet")


@app.context_processor
def add_visitor():
    g.visits = g.get("visits", 0) + 1
    return {"current_user": Visitor()}


@app.get("/clubs")
def clubs():
    with SessionLocal() as session:
        found = session.execute(select(Club).options(selectinload(Club.players))).scalars().all()
        return render_template("clubs.html", clubs=found)


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal() as session:
        session.add(Club(name="FC", players=[Player(name="Pia"), Player(name="Ole")]))
        session.commit()
    page = app.test_client().get("/clubs").get_data(as_text=True)
    assert "FC: 2" in page and "new,quiet" in page
    assert ENGINE.pool.checkedout() == 0
