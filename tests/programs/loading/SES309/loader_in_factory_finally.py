"""The application's factory defines the loader inside; an early return for nobody, and the `finally` that closes for everybody."""
# case: outcome=DetachedInstanceError
from flask import Flask
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import Column, DateTime, Integer, String, create_engine, func
from sqlalchemy.orm import declarative_base, deferred, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Keeper(UserMixin, Base):
    __tablename__ = "keeper"
    id = Column(Integer, primary_key=True)
    login = Column(String(20))
    since = Column(DateTime, server_default=func.now())
    settings = deferred(Column(String(200)))


def create_app():
    app = Flask("zoo")
    app.config.update(SECRET_KEY="only a test", TESTING=True)
    manager = LoginManager(app)

    @manager.user_loader
    def load(keeper_id):
        db = Session()
        try:
            keeper = db.query(Keeper).filter(Keeper.id == int(keeper_id)).first()
            if keeper is None:
                return None
            return keeper  # expect: SES309
        finally:
            db.close()

    @app.get("/since")
    def since():
        return str(current_user.since.year)

    @app.get("/settings")
    def settings():
        return current_user.settings or "none"  # expect: SES301

    return app


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as db:
        db.add(Keeper(login="ann"))
    client = create_app().test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "1"
        cookie["_fresh"] = True
    assert client.get("/since").text > "2000"
    print(client.get("/settings").text)
