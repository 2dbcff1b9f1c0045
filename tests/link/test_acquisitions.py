"""Where sessions are taken from a configured acquirer, and by which dotted names an expression goes."""

# ruff: noqa: E501 -- one program a line
from __future__ import annotations

import pytest

MANAGERS = {
    "managers.py": "class DatabaseManager:\n    def get_session(self): ...\ndb_manager = DatabaseManager()\nother_db_manager = DatabaseManager()\n"
}

COUNTED = [
    "from managers import db_manager\ndef f():\n    return db_manager.get_session()",
    "from managers import db_manager\ndef f():\n    return db_manager.get_session(5, readonly=True)",
    "import managers\ndef f():\n    return managers.db_manager.get_session()",
    "import managers as m\ndef f():\n    return m.db_manager.get_session()",
    "from managers import db_manager as database\ndef f():\n    return database.get_session()",
    "def f(db_manager):\n    return db_manager.get_session()",
    "def f(app):\n    return app.db_manager.get_session()",
    "def f(app):\n    return app.config['db_manager'].get_session()",
    "from flask import current_app\ndef f():\n    return current_app.config.get('db_manager').get_session()",
    "def f(app):\n    return getattr(app, 'db_manager').get_session()",
    "def f(app):\n    return app.extensions['db_manager'].get_session()",
    "def f(app):\n    dbm = app.config['db_manager']\n    return dbm.get_session()",
    "def f(app):\n    dbm = app.config['db_manager']\n    def g():\n        return dbm.get_session()\n    return g",
    "def f(app):\n    dbm = None\n    if app:\n        dbm = app.db_manager\n    return dbm.get_session()",
    "def f(app):\n    acquire = app.db_manager.get_session\n    return acquire()",
    "def f(app):\n    return getattr(app.db_manager, 'get_session')()",
    "def f(app):\n    with app.db_manager.get_session() as s:\n        return s",
    "from contextlib import closing\ndef f(app):\n    with closing(app.db_manager.get_session()) as s:\n        return s",
    "def f(app):\n    return (app.db_manager or app.other).get_session()",
    "class A:\n    def f(self):\n        return self.db_manager.get_session()",
    "class A:\n    def __init__(self, db_manager):\n        self.dbm = db_manager\n    def f(self):\n        return self.dbm.get_session()",
    "from managers import db_manager\nclass A:\n    def __init__(self, db=None):\n        self.db = db or db_manager\n    def f(self):\n        return self.db.get_session()",
    "class B:\n    def __init__(self, db_manager):\n        self.dbm = db_manager\nclass A(B):\n    def f(self):\n        return self.dbm.get_session()",
    "from flask import current_app\nclass A:\n    @property\n    def dbm(self):\n        return current_app.db_manager\n    def f(self):\n        return self.dbm.get_session()",
    "from flask import current_app\ndef dbm():\n    return current_app.config['db_manager']\ndef f():\n    return dbm().get_session()",
    "from managers import DatabaseManager\ndef f():\n    db_manager = DatabaseManager()\n    return db_manager.get_session()",
    "from db_manager import get_session as acquire\ndef f():\n    return acquire()",
    "from managers import db_manager\nsession = db_manager.get_session()",
    "def f(app):\n    return [m.db_manager.get_session() for m in app]",
    "def f(app):\n    return lambda: app.db_manager.get_session()",
    "class A:\n    session = db_manager.get_session()",
    "def f(s=db_manager.get_session()):\n    return s",
]  # fmt: skip

NOT_COUNTED = [
    "from managers import other_db_manager\ndef f():\n    return other_db_manager.get_session()",
    "def f(mock_db_manager):\n    return mock_db_manager.get_session()",
    "def f(app):\n    return UnitOfWork(app.db_manager.get_session)",
    "def f(db_manager):\n    return db_manager.get_session",
    "def f(db_manager):\n    return db_manager.session.get_session()",
    "def f(db_manager):\n    return db_manager.get_session_maker()",
    "def f():\n    return get_session()",
    "def f():\n    return 'db_manager.get_session()'",
    "from unittest.mock import Mock\ndef f():\n    db_manager = Mock()\n    return db_manager.get_session()",
    "from unittest import mock\ndef f():\n    db_manager = mock.MagicMock(spec=int)\n    return db_manager.get_session()",
    "from unittest.mock import MagicMock\nclass T:\n    def setUp(self):\n        self.db_manager = MagicMock()\n    def f(self):\n        return self.db_manager.get_session()",
    "import requests\nclass Http:\n    def get_session(self) -> requests.Session: ...\ndef f(db_manager: Http):\n    return db_manager.get_session()",
    "class Cursor: ...\nclass Http:\n    def get_session(self) -> Cursor: ...\ndb_manager = Http()\ndef f():\n    return db_manager.get_session()",
    "class Cursor: ...\nclass Http:\n    def get_session(self):\n        return Cursor()\ndb_manager = Http()\ndef f():\n    return db_manager.get_session()",
    "import aiohttp\nclass A:\n    def __init__(self, db_manager: 'Http'):\n        self.db_manager = db_manager\n    def f(self):\n        return self.db_manager.get_session()\nclass Http:\n    def get_session(self):\n        return aiohttp.ClientSession()",
]  # fmt: skip

KNOWN_MANAGERS = [
    "from sqlalchemy.orm import Session\nclass M:\n    def get_session(self) -> Session: ...",
    "from sqlalchemy.orm import Session\nclass Own(Session): ...\nclass M:\n    def get_session(self) -> Own: ...",
    "from typing import Any\nclass M:\n    def get_session(self) -> Any: ...",
    "class M:\n    def get_session(self): return self.factory()",
    "from elsewhere import Base\nclass Own(Base): ...\nclass M:\n    def get_session(self) -> 'Own': ...",
    "from typing import Iterator\nfrom sqlalchemy.orm import Session\nclass M:\n    def get_session(self) -> Iterator[Session]: ...",
    "from typing import Protocol\nclass P(Protocol): ...\nclass M:\n    def get_session(self) -> P: ...",
]


@pytest.mark.parametrize("source", COUNTED)
def test_counted(build, source):
    program = build({**MANAGERS, "main.py": source})
    found = program.program.acquisitions
    assert [(each.acquirer, each.dotted.endswith("db_manager.get_session")) for each in found] == [("db_manager.get_session", True)]


@pytest.mark.parametrize("source", NOT_COUNTED)
def test_not_counted(build, source):
    assert build({**MANAGERS, "main.py": source}).program.acquisitions == ()


@pytest.mark.parametrize("source", KNOWN_MANAGERS)
def test_a_manager_that_may_hand_out_sessions_counts(build, source):
    program = build(f"{source}\ndef f(db_manager: M):\n    return db_manager.get_session()")
    assert [each.dotted for each in program.program.acquisitions] == ["db_manager.get_session"]


def test_places_and_order(build):
    program = build(
        {
            "b.py": "def f(db_manager):\n    a = db_manager.get_session(); b = db_manager.get_session()\n",
            "a.py": "db_manager.get_session()\n",
        }
    )
    found = [(str(each.at), program.program.function(each.function).qualname) for each in program.program.acquisitions]
    assert found == [("a.py:1:1", "<module>"), ("b.py:2:9", "f"), ("b.py:2:39", "f")]


def test_configured_acquirers(build):
    program = build("def f(pool):\n    a = pool.take()\n    b = pool.sub.take()\n    c = db_manager.get_session()\n    return factory()\n",
                    acquirers=("pool.take", "factory"))  # fmt: skip
    assert [(each.at.range.row, each.acquirer) for each in program.program.acquisitions] == [(2, "pool.take"), (5, "factory")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from managers import db_manager as database\ndef f():\n    return database", "managers.db_manager"),
        ("import managers\ndef f():\n    return managers.db_manager", "managers.db_manager"),
        ("class A:\n    def f(self):\n        return self.db_manager", "self.db_manager"),
        ("def f(db):\n    return db.x.y", "db.x.y"),
        ("from flask import current_app\ndef f():\n    return current_app.config['db']", "flask.current_app.config.db"),
        ("def f(app):\n    x = app.a\n    y = x.b\n    return y.c", "app.a.b.c"),
        ("def f(app):\n    x = app.a\n    x = app.b\n    return x.c", "x.c"),
        ("def f(app):\n    for x in app.a:\n        pass\n    return x.c", "x.c"),
        ("def f(app, x):\n    x = app.a\n    return x.c", "x.c"),
        ("class S: ...\ndef f():\n    return S.x", "main.S.x"),
        ("def f(x):\n    return x[0].y", "x.?.y"),
        ("def f(x):\n    return make(x).y", "make().y"),
        ("def f():\n    return 1", "?"),
    ],
)
def test_dotted(build, source, expected):
    name = "A.f" if source.startswith("class A") else "f"
    assert build({**MANAGERS, "main.py": source}).dotted("main.py", name) == expected


def test_spellings_start_with_what_is_written(build):
    program = build("def f(app):\n    dbm = app.config['db']\n    return dbm.get\n")
    assert program.program.spellings(program.function("main.py", "f"), program.returned("main.py", "f")) == ("dbm.get", "app.config.db.get")
