"""The session on `g` ends: the teardown is registered by an init_app in another module, and pops the session before it closes it."""
# case: outcome=ok
import db
from flask import Flask, jsonify
from sqlalchemy import select
from sqlalchemy.orm import Session

ENGINE = db.ENGINE


def create_app():
    app = Flask(__name__)
    db.init_app(app)

    @app.get("/colours")
    def colours():
        return jsonify(db.get_db().execute(select(db.Yarn.colour)).scalars().all())

    return app


def main():
    db.Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as seed:
        seed.add(db.Yarn(colour="teal"))
        seed.commit()
    assert create_app().test_client().get("/colours").json == ["teal"]
    assert ENGINE.pool.checkedout() == 0
