"""An application factory with blueprints; a helper makes the request's session on first use and nobody registers its end."""
# case: outcome=leak
from db import ENGINE, Base, Yarn
from flask import Flask
from sqlalchemy.orm import Session

import shop


def create_app():
    app = Flask(__name__)
    app.register_blueprint(shop.bp, url_prefix="/shop")
    return app


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as seed:
        seed.add(Yarn(colour="teal"))
        seed.commit()
    client = create_app().test_client()
    assert client.get("/shop/colours").json == ["teal"]
