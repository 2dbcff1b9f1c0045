"""A Flask application that keeps numbers and words in the visitor's session; its database session is a local variable with a like name."""
# case: outcome=ok
from flask import Flask, session
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()
app = Flask(__name__)
app.config.update(SECRET_KEY="test", TESTING=True)


class Member(Base):
    __tablename__ = "members"
    id = Column(Integer, primary_key=True)
    login = Column(String(20))


@app.post("/login/<login>")
def log_in(login):
    with SessionLocal() as db_session:
        member_id = db_session.execute(select(Member.id).where(Member.login == login)).scalar()
    session["member_id"] = member_id
    session["db_session"] = f"member-{member_id}"
    session.update(login=login, attempts=session.get("attempts", 0) + 1)
    return {"id": member_id}


@app.get("/me")
def me():
    with SessionLocal() as db:
        member = db.get(Member, session["member_id"])
        session.setdefault("greeted", []).append(member.login)
        return member.login


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal() as db:
        db.add(Member(login="zoe"))
        db.commit()
    client = app.test_client()
    assert client.post("/login/zoe").json == {"id": 1}
    assert client.get("/me").get_data(as_text=True) == "zoe"
    assert ENGINE.pool.checkedout() == 0
