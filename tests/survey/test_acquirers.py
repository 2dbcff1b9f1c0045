"""What hands out sessions is found by what it does, and its name in the configuration means exactly its calls."""

from __future__ import annotations

import pytest

from tests.survey.conftest import Surveyed, said

DB = """\
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite://")
Factory = sessionmaker(engine)


def fresh_unit():
    unit = Factory()
    return unit
"""

JOBS = """\
from sqlalchemy import text

from app.db import fresh_unit


def closes():
    unit = fresh_unit()
    try:
        return unit.execute(text("select 1")).scalar()
    finally:
        unit.close()


def leaves_open():
    return fresh_unit().execute(text("select 1")).scalar()
"""


def test_a_function_under_any_name(surveyed: Surveyed) -> None:
    found = surveyed({"app/db.py": DB, "app/jobs.py": JOBS, "app/__init__.py": ""})
    evidence = "`fresh_unit()` returns `Factory()`, called in 2 places, 1 of which may leave it open"
    assert said(found, "sessions.acquirers") == [("db.fresh_unit", "app/db.py:8", evidence)]


def test_the_names_that_callers_use_for_a_manager(surveyed: Surveyed) -> None:
    manager = """\
    from sqlalchemy.orm import Session


    class Store:
        def begin_work(self):
            return Session(self.engine)

        def own(self):
            work = self.begin_work()
            work.close()


    store = Store()
    """
    users = """\
    from manager import Store, store


    def one():
        store.begin_work().close()


    class Service:
        def __init__(self, archive: Store):
            self.archive = archive

        def two(self):
            self.archive.begin_work().close()
    """
    found = surveyed({"manager.py": manager, "users.py": users})
    told = "`Store.begin_work()` returns `Session(…)`, called in 1 place"
    assert said(found, "sessions.acquirers") == [
        ("archive.begin_work", "manager.py:5", told),
        ("store.begin_work", "manager.py:5", told),
    ]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("def get(session: Session):\n    return session", "it was given"),
        ("REGISTRY = scoped_session(Factory)\ndef get():\n    return REGISTRY()", "the registry owns it"),
        ("@contextmanager\ndef get():\n    with Factory() as session:\n        yield session", "it is a scope"),
        (
            "def get():\n    s = Factory()\n    try:\n        yield s\n    finally:\n        s.close()",
            "it closes it itself",
        ),
        ("@lru_cache\ndef get():\n    return Factory()", "the cache owns it"),
        ("SHARED = Factory()\ndef get():\n    return SHARED", "it is always the same"),
        ("def get() -> Session:\n    return current()", "only the annotation speaks of a session"),
        ("def get():\n    return Factory().query(int).all()", "it returns rows"),
        ("import requests\ndef get():\n    return requests.Session()", "it is no session of SQLAlchemy"),
        ("def get():\n    g.db = Factory()\n    return g.db", "the request owns it"),
    ],
    ids=lambda value: value if " " in value and "\n" not in value else "",
)
def test_what_is_no_acquirer(surveyed: Surveyed, body: str, why: str) -> None:
    head = (
        "from contextlib import contextmanager\nfrom functools import lru_cache\nfrom flask import g\n"
        "from sqlalchemy.orm import Session, scoped_session, sessionmaker\nFactory = sessionmaker()\n"
    )
    found = surveyed({"db.py": f"{head}{body}\n", "use.py": "from db import get\n\n\ndef use():\n    value = get()\n    print(value)\n"})
    assert said(found, "sessions.acquirers") == [], why


def test_what_callers_end_in_a_with_is_for_people_to_decide(surveyed: Surveyed) -> None:
    use = "from db import fresh_unit\n\n\ndef one():\n    with fresh_unit() as unit:\n        unit.commit()\n"
    assert said(surveyed({"db.py": DB, "use.py": use}), "sessions.acquirers") == []
    more = f"{use}\n\ndef two():\n    with fresh_unit() as unit:\n        unit.commit()\n\n\ndef three():\n    fresh_unit().close()\n"
    found = surveyed({"use.py": more})
    assert said(found, "sessions.acquirers") == []
    told = "`fresh_unit()` returns `Factory()`, called in 3 places"
    assert said(found, "sessions.acquirers", is_sure=False) == [("db.fresh_unit", "db.py:8", told)]


def test_a_factory_is_for_people_to_decide(surveyed: Surveyed) -> None:
    use = "from db import Factory\n\n\ndef one():\n    session = Factory()\n    session.close()\n"
    found = surveyed({"db.py": DB, "use.py": use})
    told = "`Factory` is `sessionmaker(…)`, called in 2 places"
    assert said(found, "sessions.acquirers", is_sure=False) == [("db.Factory", "db.py:5", told)]


def test_a_longer_name_where_a_short_one_means_others_too(surveyed: Surveyed) -> None:
    other = "def fresh_unit():\n    return 1\n"
    use = "from one.db import fresh_unit\nfrom two.db import fresh_unit as number\n\n\ndef f():\n    fresh_unit().close()\n    number()\n"
    found = surveyed({"one/db.py": DB, "two/db.py": other, "use.py": use, "one/__init__.py": "", "two/__init__.py": ""})
    assert [value for value, _, _ in said(found, "sessions.acquirers")] == ["one.db.fresh_unit"]


def test_the_default_acquirer_of_which_nothing_is_seen(surveyed: Surveyed) -> None:
    found = surveyed({"use.py": "import sqlalchemy\n\n\ndef f(db_manager):\n    session = db_manager.get_session()\n    session.close()\n"})
    told = "`db_manager.get_session()`, of which it is not seen what it returns, is called in 1 place"
    assert said(found, "sessions.acquirers") == [("db_manager.get_session", "use.py:5", told)]


def test_configuring_what_was_found_changes_nothing_of_what_is_found(surveyed: Surveyed) -> None:
    first = surveyed({"app/db.py": DB, "app/jobs.py": JOBS, "app/__init__.py": ""})
    assert surveyed({}, acquirers=("db.fresh_unit",)) == first


def test_what_only_tests_do_is_not_the_program_s_habit(surveyed: Surveyed) -> None:
    tests = "from db import fresh_unit\n\n\ndef own_session():\n    return fresh_unit()\n\n\ndef test():\n    own_session().close()\n"
    found = surveyed({"db.py": DB, "tests/test_db.py": tests})
    assert said(found, "sessions.acquirers") == []
    found = surveyed({"use.py": "from db import fresh_unit\n\n\ndef use():\n    fresh_unit().close()\n"})
    told = "`fresh_unit()` returns `Factory()`, called in 2 places"
    assert said(found, "sessions.acquirers") == [("db.fresh_unit", "db.py:8", told)]
