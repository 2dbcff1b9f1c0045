"""The query follows the template for both hops; and a second page shows the foreign key, which is a column."""
# case: outcome=ok
from flask import Flask, render_template_string
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, joinedload, relationship, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Session = sessionmaker(ENGINE)
Base = declarative_base()
app = Flask(__name__)

LONG = "{% for match in matches %}{% set side = match.home %}{{ side.name }} ({{ side.league.country }}){% endfor %}"
COLUMNS = "{% for home in teams %}{{ home.name }} {{ home.league_id }}{% endfor %}"


class League(Base):
    __tablename__ = "league"
    id = Column(Integer, primary_key=True)
    country = Column(String(20))


class Team(Base):
    __tablename__ = "team"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    league_id = Column(ForeignKey("league.id"))
    league = relationship(League)


class Match(Base):
    __tablename__ = "match"
    id = Column(Integer, primary_key=True)
    round = Column(Integer)
    home_id = Column(ForeignKey("team.id"))
    home = relationship(Team)


def fetch(statement):
    with Session() as session:
        return session.scalars(statement).all()


@app.get("/long")
def long():
    matches = fetch(select(Match).options(joinedload(Match.home).joinedload(Team.league)))
    return render_template_string(LONG, matches=matches)


@app.get("/columns")
def columns():
    return render_template_string(COLUMNS, teams=fetch(select(Team)))


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Match(round=1, home=Team(name="Rovers", league=League(country="Eire"))))
    app.testing = True
    client = app.test_client()
    assert client.get("/long").text == "Rovers (Eire)"
    assert client.get("/columns").text == "Rovers 1"
