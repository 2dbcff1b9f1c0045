"""A Flask view puts its database session into the visitor's session: the cookie cannot even hold it."""
# case: outcome=ok
from flask import Flask, session
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()
app = Flask(__name__)
app.config.update(SECRET_KEY="test", TESTING=True)


class Poem(Base):
    __tablename__ = "poems"
    id = Column(Integer, primary_key=True)
    title = Column(String(40))


@app.get("/poems")
def poems():
    with SessionLocal() as db:
        session["db"] = db  # expect: SES201
        session["seen"] = True
        return "\n".join(db.execute(select(Poem.title)).scalars())


@app.get("/poems/first")
def first():
    with Session(engine) as db:
        session.setdefault("last_db", db)  # expect: SES201
        return db.execute(select(Poem.title)).scalars().first()


def main():
    Base.metadata.create_all(engine)
    with SessionLocal() as db:
        db.add(Poem(title="Ode"))
        db.commit()
    for path in ("/poems", "/poems/first"):
        try:
            app.test_client().get(path)
        except TypeError:
            continue
        raise AssertionError("a session does not fit into a cookie")
