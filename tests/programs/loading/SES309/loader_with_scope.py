"""The loader is decorated in the module of the app; its `with` ends the session, and the greeting reads the user's club."""
# case: outcome=DetachedInstanceError
from flask import Flask
from flask_login import LoginManager, UserMixin, current_user, login_required
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base, relationship
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base = declarative_base()
app = Flask(__name__)
app.config.update(SECRET_KEY="only a test", TESTING=True)
logins = LoginManager(app)


class Club(Base):
    __tablename__ = "club"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))


class Rower(UserMixin, Base):
    __tablename__ = "rower"
    id = Column(Integer, primary_key=True)
    nick = Column(String(40))
    club_id = Column(ForeignKey("club.id"))
    club = relationship(Club)


@logins.user_loader
def rower_by_id(rower_id):
    if not rower_id.isdigit():
        return None
    with Session(ENGINE) as session:
        rower = session.get(Rower, int(rower_id))
    return rower  # expect: SES309


@app.get("/nick")
@login_required
def nick():
    return current_user.nick


@app.get("/club")
@login_required
def club():
    return current_user.club.name  # expect: SES301


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Rower(nick="kit", club=Club(name="Swan")))
        session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "1"
        cookie["_fresh"] = True
    assert client.get("/nick").text == "kit"
    print(client.get("/club").text)
