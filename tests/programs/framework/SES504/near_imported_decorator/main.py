"""The decorator is imported and given another name in the views' module; the view that lacks it asks a file-like object, not the database."""
# case: outcome=ok select=SES504
from flask import Flask
from store import ENGINE, Base

import views


def main():
    Base.metadata.create_all(ENGINE)
    app = Flask(__name__)
    app.register_blueprint(views.bp)
    client = app.test_client()
    assert client.post("/moods/calm").status_code == 204
    assert client.get("/moods").json == ["calm"]
    assert client.get("/log").json == 2
    assert ENGINE.pool.checkedout() == 0
