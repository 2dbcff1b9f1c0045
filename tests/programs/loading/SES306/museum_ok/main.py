"""The same page with its partial: one view renders inside its session, the other one had the loans loaded by an option."""
# case: outcome=ok
from catalogue import SessionLocal, engine
from flask import Flask, render_template
from models import Base, Exhibit, Loan
from sqlalchemy.orm import joinedload

app = Flask(__name__)


@app.get("/exhibits")
def exhibits():
    with SessionLocal() as session:
        rows = session.query(Exhibit).order_by(Exhibit.title).all()
    return render_template("list.html", exhibits=rows)


@app.get("/exhibits/<int:pk>")
def exhibit(pk):
    with SessionLocal() as session:
        found = session.get(Exhibit, pk, options=[joinedload(Exhibit.loans)])
    if found is None:
        return "no such exhibit", 404
    context = {"exhibit": found, "title": found.title}
    return render_template("detail.html", **context)


@app.get("/newest")
def newest():
    with SessionLocal() as session:
        found = session.query(Exhibit).order_by(Exhibit.id.desc()).first()
        return render_template("detail.html", exhibit=found, title="New")


def main():
    Base.metadata.create_all(engine)
    with SessionLocal() as session:
        session.add(Exhibit(title="Astrolabe", loans=[Loan(borrower="Leiden")]))
        session.commit()
    app.testing = True
    client = app.test_client()
    assert b"Astrolabe" in client.get("/exhibits").data
    assert b"Leiden" in client.get("/exhibits/1").data
    assert b"Leiden" in client.get("/newest").data
