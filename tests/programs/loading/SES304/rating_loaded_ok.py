"""The model loads reviews with `lazy="selectin"`; a second loop goes over the reviews of one hotel and reads columns only."""
# case: outcome=ok select=SES304
from flask import Flask, jsonify
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.pool import StaticPool

db = SQLAlchemy()


class Hotel(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))
    reviews = db.relationship("Review", back_populates="hotel", lazy="selectin")

    @property
    def rating(self):
        stars = [review.stars for review in self.reviews]
        return sum(stars) / len(stars) if stars else None


class Review(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    stars = db.Column(db.Integer)
    hotel_id = db.Column(db.Integer, db.ForeignKey("hotel.id"))
    hotel = db.relationship("Hotel", back_populates="reviews")


def create_app():
    app = Flask("stays")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"poolclass": StaticPool}
    db.init_app(app)

    @app.get("/hotels")
    def hotels():
        ratings = {}
        for hotel in Hotel.query.order_by(Hotel.name):
            ratings[hotel.name] = hotel.rating
        return jsonify(ratings)

    @app.get("/hotels/<int:pk>/stars")
    def stars(pk):
        given = []
        for review in db.session.get(Hotel, pk).reviews:
            given.append([review.hotel_id, review.stars])
        return jsonify(given)

    return app


def main():
    app = create_app()
    with app.app_context():
        db.create_all()
        db.session.add(Hotel(name="Astor", reviews=[Review(stars=5), Review(stars=4)]))
        db.session.commit()
    client = app.test_client()
    assert client.get("/hotels").json == {"Astor": 4.5}
    assert client.get("/hotels/1/stars").json == [[1, 5], [1, 4]]
