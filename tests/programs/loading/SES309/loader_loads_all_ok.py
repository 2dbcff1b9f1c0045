"""The loader closes its session, but its query brings the user's only relationship along: whatever is asked of the user is there."""
# case: outcome=ok
from flask import Flask
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, relationship, selectinload, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Keeper(UserMixin, Base):
    __tablename__ = "keeper"
    id = Column(Integer, primary_key=True)
    login = Column(String(20))
    cages = relationship("Cage")


class Cage(Base):
    __tablename__ = "cage"
    id = Column(Integer, primary_key=True)
    keeper_id = Column(ForeignKey("keeper.id"))
    animal = Column(String(20))


def create_app():
    app = Flask("zoo")
    app.config.update(SECRET_KEY="only a test", TESTING=True)
    manager = LoginManager(app)

    @manager.user_loader
    def load(keeper_id):
        with Session() as db:
            statement = select(Keeper).options(selectinload(Keeper.cages)).where(Keeper.id == int(keeper_id))
            return db.scalars(statement).first()

    @app.get("/cages")
    def cages():
        return ",".join(cage.animal for cage in current_user.cages)

    return app


def main():
    Base.metadata.create_all(ENGINE)
    with Session.begin() as db:
        db.add(Keeper(login="ann", cages=[Cage(animal="ibis")]))
    client = create_app().test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "1"
        cookie["_fresh"] = True
    assert client.get("/cages").text == "ibis"
