"""Views in a module of their own use the application's registry of sessions directly, next to one that is under the agreed decorator."""
# case: outcome=ok select=SES504
from flask import Flask
from store import Base, engine, sessions

import views


def create_app():
    app = Flask(__name__)
    app.register_blueprint(views.bp)

    @app.teardown_appcontext
    def forget(error=None):
        sessions.remove()

    return app


def main():
    Base.metadata.create_all(engine)
    client = create_app().test_client()
    assert client.post("/moods/merry").status_code == 204
    assert client.get("/moods").json == ["merry"]
    assert client.delete("/moods").status_code == 204
    assert client.get("/moods").json == []
