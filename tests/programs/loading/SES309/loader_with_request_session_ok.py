"""The loader reads through a scoped session that lives until the app context ends; the teardown removes it, not the loader."""
# case: outcome=ok
from flask import Flask
from flask_login import LoginManager, UserMixin, current_user, login_required
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base = declarative_base()
db = scoped_session(sessionmaker(ENGINE))
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


@app.teardown_appcontext
def end_session(error):
    db.remove()


@logins.user_loader
def rower_by_id(rower_id):
    return db.get(Rower, int(rower_id))


@app.get("/club")
@login_required
def club():
    return current_user.club.name


def main():
    Base.metadata.create_all(ENGINE)
    db.add(Rower(nick="kit", club=Club(name="Swan")))
    db.commit()
    db.remove()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "1"
        cookie["_fresh"] = True
    assert client.get("/club").text == "Swan"
