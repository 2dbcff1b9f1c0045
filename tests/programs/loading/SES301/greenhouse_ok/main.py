"""The report is written while the application context is open; only text leaves it."""
# case: outcome=ok
from extensions import db
from models import Bed, Plant
from report import write
from server import create_app


def roofed():
    return Bed.query.filter_by(roofed=True).order_by(Bed.id).all()


def collect(app):
    with app.app_context():
        beds = roofed()
        return write(beds)


def main():
    app = create_app()
    with app.app_context():
        db.create_all()
        db.session.add(Bed(code="B1", roofed=True, plants=[Plant(sort="leek"), Plant(sort="kale")]))
        db.session.commit()
    assert collect(app) == "bed B1\n  leek\n  kale"
