"""The template goes two hops in its loop; the view's query brings the first one, and leaves the session before rendering."""
# case: outcome=DetachedInstanceError
from flask import Flask, render_template_string
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, joinedload, relationship, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Session = sessionmaker(ENGINE)
Base = declarative_base()
app = Flask(__name__)

SHORT = "{% for match in matches %}{{ match.round }}: {{ match.home.name }}\n{% endfor %}"
LONG = """{% macro team(side) %}{{ side.name }} ({{ side.league.country }}){% endmacro %}
{% for match in matches %}
  {% set side = match.home %}
  {{ match.round }}: {{ team(side) }}
{% endfor %}
"""


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


def all_matches():
    with Session() as session:
        return session.scalars(select(Match).options(joinedload(Match.home))).all()


@app.get("/short")
def short():
    return render_template_string(SHORT, matches=all_matches())


@app.get("/long")
def long():
    matches = all_matches()
    return render_template_string(LONG, matches=matches)  # expect: SES306


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as session:
        session.add(Match(round=1, home=Team(name="Rovers", league=League(country="Eire"))))
    app.testing = True
    client = app.test_client()
    assert client.get("/short").text == "1: Rovers\n"
    print(client.get("/long").text)
