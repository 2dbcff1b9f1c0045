from extensions import db


class Bed(db.Model):
    __tablename__ = "beds"

    id = db.Column(db.Integer, primary_key=True)
    code = db.Column(db.String(8), nullable=False)
    roofed = db.Column(db.Boolean, default=False)
    plants = db.relationship("Plant", backref="bed")


class Plant(db.Model):
    __tablename__ = "plants"

    id = db.Column(db.Integer, primary_key=True)
    sort = db.Column(db.String(40))
    bed_id = db.Column(db.Integer, db.ForeignKey("beds.id"))
