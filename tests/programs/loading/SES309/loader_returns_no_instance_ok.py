"""The loader's session is closed, but what it returns is a plain object with the values in it, not a mapped instance."""
# case: outcome=ok
from dataclasses import dataclass, field

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


class Account(Base):
    __tablename__ = "account"
    id = Column(Integer, primary_key=True)
    mail = Column(String(40))
    roles = relationship("Role")


class Role(Base):
    __tablename__ = "role"
    id = Column(Integer, primary_key=True)
    account_id = Column(ForeignKey("account.id"))
    name = Column(String(20))


@dataclass
class Visitor(UserMixin):
    id: int
    mail: str
    roles: list = field(default_factory=list)


@logins.user_loader
def visitor(account_id):
    with Session(ENGINE) as session:
        account = session.get(Account, int(account_id))
        if account is None:
            return None
        return Visitor(account.id, account.mail, [role.name for role in account.roles])


@app.get("/roles")
@login_required
def roles():
    return ",".join(current_user.roles)


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Account(mail="a@x.org", roles=[Role(name="admin")]))
        session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "1"
        cookie["_fresh"] = True
    assert client.get("/roles").text == "admin"
