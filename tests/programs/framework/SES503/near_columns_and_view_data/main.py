"""The template reads columns and methods of `current_user`; the teams come from the view, and comments and text that mention more are harmless."""
# case: outcome=ok
from flask import Flask, render_template
from flask_login import LoginManager, current_user, login_required, login_user
from members import Base, Member, Team, engine, registry
from sqlalchemy import select

manager = LoginManager()


@manager.user_loader
def load(member_id):
    return registry.get(Member, int(member_id))


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", TESTING=True)
    manager.init_app(app)

    @app.teardown_appcontext
    def forget(error=None):
        registry.remove()

    @app.post("/login/<int:member_id>")
    def log_in(member_id):
        login_user(registry.get(Member, member_id))
        return "", 204

    @app.get("/")
    @login_required
    def home():
        stmt = select(Team.name).where(Team.member_id == current_user.id).order_by(Team.name)
        return render_template("home.html", teams=registry.execute(stmt).scalars().all())

    return app


def main():
    Base.metadata.create_all(engine)
    try:
        registry.add(Member(name="Uma", teams=[Team(name="reds"), Team(name="blues")]))
        registry.commit()
    finally:
        registry.remove()
    client = create_app().test_client()
    assert client.post("/login/1").status_code == 204
    page = client.get("/").get_data(as_text=True)
    assert "blues, reds" in page and "UMA" in page and "current_user.teams" in page
