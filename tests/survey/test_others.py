"""Scopes, decorators, names of the user and keys of their identity, found by what they do."""

from __future__ import annotations

from pathlib import Path

from sessionlint.config import Options, load_settings
from sessionlint.config.options import SessionOptions
from sessionlint.pipeline import run
from tests.survey.conftest import Surveyed, said

SCOPES = """\
from contextlib import contextmanager

from flask import g
from sqlalchemy.orm import sessionmaker

Factory = sessionmaker()


@contextmanager
def work():
    session = Factory()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


@contextmanager
def careless():
    try:
        with Factory() as session:
            yield session
    except ValueError:
        pass


class Requests:
    @contextmanager
    def bound(self):
        if "db" not in g:
            g.db = Factory()
        yield g.db
        g.db.commit()


requests = Requests()


def take():
    return Factory()


def used():
    take().close()
    with work() as session:
        session.flush()
"""


def test_the_scopes_to_migrate_to(surveyed: Surveyed) -> None:
    found = surveyed({"db.py": SCOPES})
    work = "`work()` commits, rolls back and closes, entered in 1 place"
    bound = "`Requests.bound()` commits, not entered anywhere yet, needs a request"
    assert said(found, "migrate.routes") == [("db.work", "db.py:10", work)]
    assert said(found, "migrate.default") == [("requests.bound", "db.py:33", bound)]


def test_scopes_are_not_set_where_there_is_nothing_to_migrate(surveyed: Surveyed) -> None:
    found = surveyed({"db.py": SCOPES.replace("    take().close()\n", "")})
    assert said(found, "migrate.routes") == []
    assert [value for value, _, _ in said(found, "migrate.routes", is_sure=False)] == ["db.work"]


WEB = """\
from functools import wraps

from flask import Flask
from sqlalchemy.orm import sessionmaker

app = Flask(__name__)
Factory = sessionmaker()


def opened(view):
    @wraps(view)
    def inner(*args, **kwargs):
        with Factory() as session:
            return view(*args, session=session, **kwargs)

    return inner


def logged(view):
    @wraps(view)
    def inner(*args, **kwargs):
        with open("log") as log:
            return view(*args, log=log, **kwargs)

    return inner


@app.route("/")
@opened
@logged
def index(session, log):
    return ""
"""


def test_the_decorators_that_give_views_their_session(surveyed: Surveyed) -> None:
    found = surveyed({"web.py": WEB})
    assert said(found, "sessions.view-decorators") == [("opened", "web.py:10", "`@opened` runs 1 view with the session of `Factory()`")]


USERS = """\
from flask import Flask, render_template
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = Flask(__name__)
login = LoginManager(app)


class Base(DeclarativeBase):
    pass


class User(UserMixin, Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@login.user_loader
def load(key):
    with Session() as session:
        return session.get(User, key)


@app.context_processor
def names():
    return {"me": current_user, "title": "Page"}


@app.route("/")
def index():
    return render_template("index.html")
"""


def test_the_names_that_templates_have_for_the_user(surveyed: Surveyed) -> None:
    page = "{{ title.upper }}\n{{ me.name }} {{ me.id }}\n{{ current_user.name }}\n"
    found = surveyed({"web.py": USERS, "templates/index.html": page})
    given = "a context processor puts `current_user` under it, templates read 2 attributes of it in 1 file"
    assert said(found, "sessions.user-names") == [
        ("current_user", "templates/index.html:3", "templates read 1 attribute of it in 1 file"),
        ("me", "web.py:27", given),
    ]


def test_the_keys_of_the_user_s_identity(surveyed: Surveyed) -> None:
    page = """\
    import streamlit as st
    from web import Session, User


    class Course(User):
        pass


    def show(session: Session):
        key = st.session_state["who"]
        return session.get(User, key), session.get(User, st.session_state.who)
    """
    found = surveyed({"web.py": USERS, "page.py": page})
    told = "`session_state` holds the primary key of a `User` under it, looked up in 2 places"
    assert said(found, "sessions.identity-keys") == [("who", "page.py:11", told)]
    found = surveyed({"web.py": USERS.replace("UserMixin, Base", "Base")})
    assert said(found, "sessions.identity-keys") == []
    assert said(found, "sessions.identity-keys", is_sure=False) == [("who", "page.py:11", told)]


def test_what_the_program_is_made_of(surveyed: Surveyed) -> None:
    found = surveyed({"web.py": USERS})
    assert found.described == (
        "1 Python file with 1 mapped class and 0 session scopes",
        "Flask: 1 view",
        "flask-login: 1 user loader",
    )


def test_a_name_of_the_user_that_was_found_is_reported_on_once_it_is_configured(surveyed: Surveyed, tmp_path: Path) -> None:
    orders = '    orders: Mapped[list["Order"]] = relationship()\n'
    order = (
        '\n\nclass Order(Base):\n    __tablename__ = "orders"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
        '    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))\n'
    )
    web = USERS.replace("    name: Mapped[str]\n", f"    name: Mapped[str]\n{orders}{order}").replace(
        "import DeclarativeBase, Mapped, Session, mapped_column",
        "import DeclarativeBase, Mapped, Session, mapped_column, relationship\nfrom sqlalchemy import ForeignKey",
    )
    found = surveyed({"web.py": web, "templates/index.html": "{{ me.orders }}\n"})
    names = tuple(value for value, _, _ in said(found, "sessions.user-names"))
    assert names == ("me",)
    settings = load_settings([tmp_path], isolated=True, overrides=Options(cache=False, sessions=SessionOptions(user_names=names)))
    reported = [(finding.code, finding.at.file) for finding in run([tmp_path], settings, jobs=1).findings]
    assert ("SES503", "templates/index.html") in reported


TAKEN = """\
from functools import wraps

from flask import Flask, current_app, g
from sqlalchemy.orm import sessionmaker

app = Flask(__name__)
Factory = sessionmaker()


class Requests:
    def current(self):
        if "db" not in g:
            g.db = Factory()
        return g.db


def attached(view):
    @wraps(view)
    def inner(*args, **kwargs):
        session = current_app.requests.current()
        session.connection()
        return view(*args, **kwargs)

    return inner


def token():
    return g.get("token")


def timed(view):
    @wraps(view)
    def inner(*args, **kwargs):
        started = current_app.clock.now()
        known = token()
        return view(*args, **kwargs)

    return inner


def permitted(view):
    @wraps(view)
    def inner(*args, **kwargs):
        session = Factory()
        session.connection()
        session.close()
        return view(*args, **kwargs)

    return inner


@app.route("/")
@attached
@timed
@permitted
def index():
    return ""
"""


def test_a_decorator_that_only_takes_the_request_s_session(surveyed: Surveyed) -> None:
    found = surveyed({"web.py": TAKEN})
    told = "`@attached` runs 1 view with the session of `current()`"
    assert said(found, "sessions.view-decorators") == [("attached", "web.py:17", told)]


def test_a_scope_is_named_after_the_module_s_object(surveyed: Surveyed) -> None:
    user = """\
    from db import requests


    class Service:
        def __init__(self, manager):
            self.manager = manager

        def one(self):
            with self.manager.bound() as session:
                session.flush()

        def two(self):
            with self.manager.bound() as session:
                session.flush()
    """
    found = surveyed({"db.py": SCOPES, "user.py": user})
    assert [value for value, _, _ in said(found, "migrate.default")] == ["requests.bound"]
    found = surveyed({"db.py": SCOPES.replace("\nrequests = Requests()\n", "\n"), "user.py": user.replace("from db import requests\n", "")})
    assert [value for value, _, _ in said(found, "migrate.default")] == ["manager.bound"]


def test_what_closes_the_sessions_that_it_is_given(surveyed: Surveyed) -> None:
    manager = """\
    from sqlalchemy.orm import Session


    class Store:
        def take(self):
            return Session()

        def put_back(self, work, quietly=True):
            if work is not None:
                work.close()

        def shut(self, stream):
            stream.close()


    store = Store()
    """
    user = """\
    from manager import store


    def one():
        work = store.take()
        store.put_back(work)
        store.shut(open("log"))
    """
    found = surveyed({"manager.py": manager, "user.py": user})
    told = "`Store.put_back()` closes the session that it is given, called so in 1 place"
    assert said(found, "sessions.closers") == [("store.put_back", "manager.py:8", told)]
