"""A Flask login keeps the key; `g` holds the row for as long as the request and its database session last."""
# case: outcome=ok
from flask import Flask, g, session
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False})
db = scoped_session(sessionmaker(bind=ENGINE))
Base = declarative_base()
app = Flask(__name__)
app.config.update(SECRET_KEY="test", TESTING=True)


class Account(Base):
    __tablename__ = "accounts"
    id = Column(Integer, primary_key=True)
    login = Column(String(20))


@app.teardown_appcontext
def forget(error=None):
    db.remove()


@app.before_request
def load_account():
    if "account_id" in session:
        g.account = db.get(Account, session["account_id"])


@app.post("/login/<login>")
def log_in(login):
    account = db.execute(select(Account).where(Account.login == login)).scalars().one()
    session["account_id"] = account.id
    session["account"] = {"login": account.login}
    return "", 204


@app.get("/name")
def name():
    return g.account.login


def main():
    Base.metadata.create_all(ENGINE)
    with app.app_context():
        db.add(Account(login="ines"))
        db.commit()
    client = app.test_client()
    assert client.post("/login/ines").status_code == 204
    assert client.get("/name").get_data(as_text=True) == "ines"
    assert ENGINE.pool.checkedout() == 0
