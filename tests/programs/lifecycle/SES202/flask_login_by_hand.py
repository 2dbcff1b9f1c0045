"""A home-made login writes the account itself into Flask's session; the cookie refuses it, a server-side store would keep a detached copy."""
# case: outcome=ok sqlalchemy=>=2.0
from flask import Flask, request, session
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str]


def account_of(db: Session, login: str) -> Account | None:
    return db.scalars(select(Account).where(Account.login == login)).first()


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", TESTING=True)

    @app.post("/login")
    def log_in():
        with Session(engine) as db:
            account = account_of(db, request.form["login"])
            if account is None:
                return "unknown", 403
            session["account"] = account  # expect: SES202
            return "welcome"

    return app


def main() -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        db.add(Account(login="ines"))
        db.commit()
    client = create_app().test_client()
    assert client.post("/login", data={"login": "nobody"}).status_code == 403
    try:
        client.post("/login", data={"login": "ines"})
    except TypeError:
        return
    raise AssertionError("an account does not fit into a cookie")
