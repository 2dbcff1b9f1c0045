from flask import Flask
from sqlalchemy.pool import StaticPool

from extensions import db


def create_app():
    app = Flask("greenhouse")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"poolclass": StaticPool}
    db.init_app(app)
    return app
