"""Flask-SQLAlchemy used from a script: the application context removes the session when it is left, and the report runs behind it."""
# case: outcome=DetachedInstanceError
from extensions import db
from models import Bed, Plant
from report import write
from server import create_app


def collect(app):
    with app.app_context():
        return Bed.query.filter_by(roofed=True).order_by(Bed.id).all()


def main():
    app = create_app()
    with app.app_context():
        db.create_all()
        db.session.add(Bed(code="B1", roofed=True, plants=[Plant(sort="leek"), Plant(sort="kale")]))
        db.session.commit()
    print(write(collect(app)))
