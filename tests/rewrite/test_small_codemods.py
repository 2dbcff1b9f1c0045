"""The small codemods where names, bindings, text or imports are not as usual: what is there goes on working, or is left with a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessionlint.check import check
from sessionlint.config import Settings
from sessionlint.rewrite import Migration, migrate
from sessionlint.solve import solve
from tests.rewrite.programs import SETTINGS, program_of

MODELS = """from sqlalchemy import ForeignKey, create_engine, literal_column, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship, selectinload, sessionmaker


class Base(DeclarativeBase):
    pass


class Company(Base):
    __tablename__ = "companies"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    company: Mapped[Company] = relationship()


Factory = sessionmaker(create_engine("sqlite://"))
"""
HEAD = "from sqlalchemy.exc import IntegrityError\nfrom models import Company, Factory, Session, User, joinedload, select, selectinload\n"


def _migration(settings: Settings = SETTINGS, **texts: str) -> tuple[Migration, dict[str, str]]:
    sources = {f"{name}.py": text.encode() for name, text in {"models": MODELS, **texts}.items()}
    program = program_of(sources)
    done = migrate(program, settings, sources, lambda spot: True, check(program, solve(program), settings))
    return done, {name: content.decode() for name, content in (sources | {change.name: change.after for change in done.changes}).items()}


def _main(text: str, **others: str) -> str:
    return _migration(main=HEAD + text, **others)[1]["main.py"].removeprefix(HEAD)


def _codes(text: str, **others: str) -> list[str]:
    return [site.code for site in _migration(main=HEAD + text, **others)[0].left]


def test_a_list_of_options_is_none_of_get() -> None:
    made = "def eager():\n    return [joinedload(User.company)]\n"
    text = made + "def work(session: Session):\n    return session.query(User).options(eager()).get(1)\n"
    assert _codes(text) == ["odd-options"]
    plain = text.replace("eager())", "joinedload(User.company).joinedload(Company.id))")
    assert "session.get(User, 1, options=[joinedload(User.company).joinedload(Company.id)])" in _main(plain)


def test_a_wrapper_of_a_session_has_a_get_of_its_own() -> None:
    wrapper = """class Database:
    def __init__(self):
        self.session = Factory()

    def query(self, *entities):
        return self.session.query(*entities)

    def get(self, key):
        return "config " + key


"""
    text = wrapper + "def work():\n    db = Database()\n    return db.query(User).get(1).name\n"
    assert "db.query(User).get(1)" in _main(text)
    typed = wrapper + "def work(session: Session):\n    return session.query(User).get(1).name\n"
    assert "session.get(User, 1)" in _main(typed)


@pytest.mark.parametrize("condition", ['text("name = 1")', 'literal_column("name")', "NAMED"])
def test_no_join_where_text_would_be_ambiguous(condition: str) -> None:
    head = "from sqlalchemy import literal_column, text\nNAMED = text('name = 1')\n"
    text = f"""{head}def work():
    with Factory() as s:
        users = s.scalars(select(User).where({condition})).all()
    return [u.company.name for u in users]
"""
    assert "selectinload(User.company)" in _main(text)
    assert "joinedload(User.company)" in _main(text.replace(f"where({condition})", "where(User.id > 1)"))


def test_no_join_where_text_is_added_elsewhere() -> None:
    text = """from sqlalchemy import text


def narrowed(query):
    return query.filter(text("name = 1"))


def work():
    with Factory() as s:
        users = narrowed(s.query(User)).all()
    return [u.company.name for u in users]
"""
    assert "s.query(User).options(selectinload(User.company))" in _main(text)


TAKEN = """class Boss(Base):
    __tablename__ = "bosses"
    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    company: Mapped[Company] = relationship()

    def __repr__(self):
        return f"{self.company} {columns}"
"""


def test_names_that_a_repr_reads() -> None:
    after = _migration(models=MODELS + "columns = ()\n\n\n" + TAKEN)[1]["models.py"]
    assert "            columns_2 = (" in after
    assert ", '.join(columns_2)})>" in after
    own = _migration(models=MODELS + TAKEN.replace("{columns}", "{type(self)}").replace("    def", "    type = 1\n\n    def"))[1][
        "models.py"
    ]
    assert "{type(self).__name__}" in own
    shadowed = _migration(models=MODELS + "def type(x):\n    return 1\n\n\n" + TAKEN)[1]["models.py"]
    assert "{self.__class__.__name__}" in shadowed


ROLLBACK = """def work(flag, make):
    BEFORE
    try:
        FIRST
        s.add(User(name="ann"))
        s.commit()
    except ERROR:
        print("failed")
    return s.scalar(select(User.name))
"""


def _rolled(before: str, first: str = "pass", error: str = "Exception") -> str:
    return _main(ROLLBACK.replace("BEFORE", before).replace("FIRST", first).replace("ERROR", error))


@pytest.mark.parametrize("before", ["if flag:\n        s = Factory()", "for _ in flag:\n        s = Factory()", "s = Factory()\n    del s"])
def test_no_rollback_of_what_may_not_be_bound(before: str) -> None:
    assert "rollback" not in _rolled(before)


@pytest.mark.parametrize(
    "before", ["s = Factory()", "if flag:\n        s = Factory()\n    else:\n        s = Session()", "s = flag or Factory()"]
)
def test_rollback_of_what_is_bound(before: str) -> None:
    assert "        if not s.is_active:\n            s.rollback()\n" in _rolled(before)


def test_rollback_of_what_may_be_none() -> None:
    guard = "        if s is not None and not s.is_active:\n            s.rollback()\n"
    assert guard in _rolled("s = None", "s = Factory()")
    used = "    try:\n        s.commit()\n    except Exception:\n        pass\n    return s.scalar(select(User.name))\n"
    assert guard in _main(f"def work(s: Session = None):\n{used}")
    asked = f"def work(s: Session = None):\n    if s is None:\n        s = Factory()\n{used}"
    assert "    except Exception:\n        s.rollback()\n" in _main(asked)


DECORATOR = """from functools import wraps


def with_db_session(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        BODY
    return wrapper
"""
VIEW = """from flask import Flask
app = Flask(__name__)


@app.route("/")
def index():
    from models import Factory, User, select
    with Factory() as s:
        return str(s.scalar(select(User.name)))


import json
"""


def _decorated(body: str, view: str = VIEW) -> str:
    settings = replace(SETTINGS, sessions=replace(SETTINGS.sessions, view_decorators=("with_db_session",)))
    settings = replace(settings, lint=replace(settings.lint, extend_select=("SES504",)))
    return _migration(settings, web=DECORATOR.replace("BODY", body), main=view)[1]["main.py"]


def test_a_decorator_is_imported_above_the_view() -> None:
    after = _decorated("return view(*args, **kwargs)")
    assert after.index("from web import with_db_session") < after.index("@with_db_session\ndef index()")
    assert (
        _decorated("return view(*args, **kwargs)", VIEW + "from web import with_db_session\n") == VIEW + "from web import with_db_session\n"
    )


@pytest.mark.parametrize(
    "body", ["view(*args, **kwargs)", "return str(view(*args, **kwargs))", "done = view(*args, **kwargs)\n        return 1"]
)
def test_a_decorator_with_a_result_of_its_own_is_not_added(body: str) -> None:
    assert _decorated(body) == VIEW


def test_a_decorator_may_keep_the_result_for_a_while() -> None:
    assert "@with_db_session\n" in _decorated("done = view(*args, **kwargs)\n        print(1)\n        return done")


SCOPE = """from contextlib import contextmanager


@contextmanager
def scope(commit=True):
    s = Factory()
    try:
        yield s
        LAST
    finally:
        s.close()


def work():
    with scope() as s:
        s.add(User(name="ann"))
        s.flush()
        s.commit()
"""


@pytest.mark.parametrize(
    "last", ["if s.new or s.dirty:\n            s.commit()", "if not s.dirty:\n            return\n        s.commit()"]
)
def test_a_commit_stays_where_the_scope_may_not_commit(last: str) -> None:
    assert "s.flush()\n        s.commit()\n" in _main(SCOPE.replace("LAST", last))


@pytest.mark.parametrize("last", ["s.commit()", "if commit:\n            s.commit()"])
def test_a_commit_goes_where_the_scope_commits(last: str) -> None:
    assert _main(SCOPE.replace("LAST", last)).endswith("        s.flush()\n")


DEPENDENCY = """from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    return Factory()


@app.get("/")
def page(db: Session = Depends(get_db)):
    return db.scalar(select(User.name))
"""


@pytest.mark.parametrize("call", ['import_module("main").get_db()', 'getattr(main, "get_db")()'])
def test_a_dependency_that_may_be_called_stays(call: str) -> None:
    assert "yield session" in _main(DEPENDENCY)
    assert "yield" not in _main(DEPENDENCY, cron=f"from importlib import import_module\nimport main\n\n\ndef cron():\n    return {call}\n")


REPOSITORY = """class Repository:
    def __init__(self, make):
        self.make = make
        FIRST

    def save(self):
        try:
            self.session = self.make()
            self.session.add(User(name="ann"))
            self.session.commit()
        except Exception:
            print("failed")
        return self.session.scalar(select(User.name))


def work():
    Repository(Factory).save()
"""


@pytest.mark.parametrize(
    ("first", "guard"),
    [
        ("pass", ""),
        ("self.session = None", "self.session is not None and not self.session.is_active"),
        ("self.session = make()", "not self.session.is_active"),
    ],
)
def test_rollback_of_an_attribute(first: str, guard: str) -> None:
    after = _main(REPOSITORY.replace("FIRST", first))
    assert (f"            if {guard}:\n                self.session.rollback()\n" in after) if guard else ("rollback" not in after)


def test_a_repr_shows_what_is_there_under_asyncio() -> None:
    asynchronous = "from sqlalchemy.ext.asyncio import AsyncSession\n" + MODELS
    assert "        except SQLAlchemyError:\n" in _migration(models=asynchronous + "\n\n" + TAKEN.replace("{columns}", ""))[1]["models.py"]
    assert "        except DetachedInstanceError:\n" in _migration(models=MODELS + "\n\n" + TAKEN.replace("{columns}", ""))[1]["models.py"]


@pytest.mark.parametrize("use", ["VIEWS = {'index': index}", "VIEWS = [index]", "later(index)"])
def test_a_view_that_others_may_call_is_not_decorated(use: str) -> None:
    body = "return view(*args, **kwargs)"
    assert "@with_db_session\ndef" not in _decorated(body, f"{VIEW}{use}\n")
    assert "@with_db_session\ndef" in _decorated(body, f"{VIEW}app.add_url_rule('/b', view_func=index)\nprint(index.__name__)\n")


def test_a_view_that_sets_what_the_decorator_uses_is_not_decorated() -> None:
    body = "g.db = 1\n        return view(*args, **kwargs)"
    assert "@with_db_session\ndef" in _decorated(body)
    assert "@with_db_session\ndef" not in _decorated(body, VIEW.replace("    with Fac", "    g.db = 2\n    with Fac"))


HELPER = """def save(s: Session, name):
    try:
        s.add(User(name=name))
        s.flush()
    except IntegrityError:
        print("taken")
    return s.scalar(select(User.id))


def load(s: Session):
    def one(name):
        return save(s, name)
    BLOCK
        one("ann")
    s.commit()
"""


def test_no_rollback_below_a_savepoint_or_transaction() -> None:
    assert "        s.rollback()\n" in _main(HELPER.replace("BLOCK", "if True:"))
    direct = HELPER.replace('one("ann")', 'save(s, "ann")')
    assert "s.rollback()" not in _main(HELPER.replace("BLOCK", "with s.begin_nested():"))
    assert _codes(direct.replace("BLOCK", "with s.begin():")) == ["in-transaction"]
    assert _codes(direct.replace("BLOCK", "with s.begin_nested():")) == ["savepoint"]


LAZY = """import streamlit as st


def name(i):
    return st.session_state.db.get(User, i).name


def page():
    with Factory() as session:
        st.session_state.db = session
        names = (name(i) for i in (1, 2))
        AFTER
        return list(names)
"""


def test_a_generator_expression_may_run_when_the_variable_has_changed() -> None:
    assert "(name(i, session) for i in (1, 2))" in _main(LAZY.replace("AFTER", "pass"))
    assert "(name(i) for i in (1, 2))" in _main(LAZY.replace("AFTER", "session = None"))
