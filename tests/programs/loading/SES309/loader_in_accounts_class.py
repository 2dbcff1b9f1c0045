"""The loader is a bound method handed over by a call; it expunges the account and closes its session in `finally`."""
# case: outcome=DetachedInstanceError known=miss
from flask import Flask
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base = declarative_base()
make_session = sessionmaker(ENGINE)


class Account(UserMixin, Base):
    __tablename__ = "account"
    id = Column(Integer, primary_key=True)
    mail = Column(String(40))
    roles = relationship("Role")


class Role(Base):
    __tablename__ = "role"
    id = Column(Integer, primary_key=True)
    account_id = Column(ForeignKey("account.id"))
    name = Column(String(20))


class Accounts:
    def __init__(self, factory):
        self.factory = factory

    def load(self, account_id):
        session = self.factory()
        try:
            found = session.execute(select(Account).where(Account.id == int(account_id))).scalar_one_or_none()
            session.expunge_all()
            return found  # expect: SES309
        finally:
            session.close()


def create_app(accounts):
    app = Flask("accounts")
    app.config.update(SECRET_KEY="only a test", TESTING=True)
    login = LoginManager()
    login.user_loader(accounts.load)
    login.init_app(app)

    @app.get("/mail")
    def mail():
        return current_user.mail if current_user.is_authenticated else "nobody"

    @app.get("/roles")
    def roles():
        return ",".join(role.name for role in current_user.roles)  # expect: SES301

    return app


def main():
    Base.metadata.create_all(ENGINE)
    with make_session.begin() as session:
        session.add(Account(mail="a@x.org", roles=[Role(name="admin")]))
    client = create_app(Accounts(make_session)).test_client()
    assert client.get("/mail").text == "nobody"
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "1"
        cookie["_fresh"] = True
    assert client.get("/mail").text == "a@x.org"
    print(client.get("/roles").text)
