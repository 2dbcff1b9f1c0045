"""The page's menu asks `current_user` for its teams and its plan, which are relationships; it works as long as the user is attached."""
# case: outcome=ok
from flask import Flask, render_template
from flask_login import LoginManager, login_required, login_user
from members import Base, Member, Plan, Team, engine, registry

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
        return render_template("home.html", heading="Home")

    return app


def main():
    Base.metadata.create_all(engine)
    try:
        registry.add(Member(name="Uma", plan=Plan(label="gold"), teams=[Team(name="reds"), Team(name="blues")]))
        registry.commit()
    finally:
        registry.remove()
    client = create_app().test_client()
    assert client.post("/login/1").status_code == 204
    page = client.get("/").get_data(as_text=True)
    assert "2 teams" in page and "gold" in page and "Uma" in page
