"""The page's template includes a partial that walks the loans of an exhibit; the view has left its session before it renders."""
# case: outcome=ok
from catalogue import SessionLocal, engine
from flask import Flask, render_template
from models import Base, Exhibit, Loan
from sqlalchemy.orm.exc import DetachedInstanceError

app = Flask(__name__)


@app.get("/exhibits")
def exhibits():
    with SessionLocal() as session:
        rows = session.query(Exhibit).order_by(Exhibit.title).all()
    return render_template("list.html", exhibits=rows)


@app.get("/exhibits/<int:pk>")
def exhibit(pk):
    with SessionLocal() as session:
        found = session.get(Exhibit, pk)
    if found is None:
        return "no such exhibit", 404
    context = {"exhibit": found, "title": found.title}
    return render_template("detail.html", **context)  # expect: SES306


def main():
    Base.metadata.create_all(engine)
    with SessionLocal() as session:
        session.add(Exhibit(title="Astrolabe", loans=[Loan(borrower="Leiden")]))
        session.commit()
    app.testing = True
    client = app.test_client()
    assert b"Astrolabe" in client.get("/exhibits").data
    try:
        client.get("/exhibits/1")
    except DetachedInstanceError:
        return
    raise AssertionError("the page was rendered")
