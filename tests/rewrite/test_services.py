"""How sites of classes that hold `self.db_manager` are rewritten: what is added once, what is reused, and what is refused."""

from __future__ import annotations

import pytest

from sessionlint.rewrite import Migration
from tests.rewrite.programs import MANAGERS, MODELS, migration_of

CLOSED = """\
        session = {}.get_session()
        try:
            return session.query(Book).count()
        finally:
            session.close()
"""
APPLICATION = "from flask import Flask\nfrom managers import unified_session_manager\napp = Flask(__name__)\n"
ON_APP = "app.unified_session_manager = unified_session_manager\n"
BOUND = MANAGERS.replace("RAISE", "raise").replace(
    "class UnifiedSessionManager:\n",
    "class UnifiedSessionManager:\n    def __init__(self, db_manager=None):\n        self.db_manager = db_manager\n",
)
HEAD = "from models import Book\n\n\nclass Service:\n    def __init__(self, db_manager):\n        self.db_manager = db_manager\n\n"
COUNT = "    def count(self):\n        with self.db_manager.get_session() as s:\n            return s.query(Book).count()\n"


def _migrated(main: str, *, managers: str = BOUND, application: str = APPLICATION + ON_APP) -> Migration:
    texts = {"managers.py": managers, "models.py": MODELS, "application.py": application, "main.py": main}
    return migration_of({name: text.encode() for name, text in texts.items()})


def _text(main: str) -> str:
    return {change.name: change.after for change in _migrated(main).changes}["main.py"].decode()


def _codes(main: str, **options: str) -> list[str]:
    return [site.code for site in _migrated(main, **options).left if site.file == "main.py"]


def test_the_method_is_added_once() -> None:
    text = _text(HEAD + COUNT + "\n" + COUNT.replace("count(self)", "again(self)"))
    assert text.count("def _session_block(self):") == 1
    assert text.count("with self._session_block() as s:") == 2
    assert text.startswith("from contextlib import contextmanager\n\nfrom models import Book\n")


def test_an_earlier_one_is_reused() -> None:
    first = _text(HEAD + COUNT)
    second = _text(first + "\n" + COUNT.replace("count(self)", "again(self)"))
    assert second == first + "\n" + COUNT.replace("count(self)", "again(self)").replace("db_manager.get_session", "_session_block")


def test_sessions_that_are_closed_and_sessions_that_are_entered() -> None:
    text = _text(HEAD + COUNT + "\n    def other(self):\n" + CLOSED.format("self.db_manager"))
    assert text.count("with self._session_block() as s:") == 1
    assert text.count("with self._session_scope() as session:") == 1


@pytest.mark.parametrize(
    ("main", "code"),
    [
        (HEAD + "    def _session_block(self):\n        pass\n\n" + COUNT, "name-taken"),
        ("contextmanager = None\n" + HEAD + COUNT, "name-taken"),
        (HEAD + "    @classmethod\n    def work(cls):\n" + CLOSED.format("cls.db_manager"), "service"),
        (HEAD + "    @staticmethod\n    def work(db_manager):\n" + CLOSED.format("db_manager"), "handed-in"),
        (HEAD + "    def work(self):\n" + CLOSED.format("self.other.db_manager"), "service"),
        (HEAD + "    def work(self):\n        return self.db_manager.get_session()\n", "returned"),
        (HEAD + COUNT.replace("s.query(Book).count()\n", "s.query(Book)\n"), "escapes"),
    ],
)
def test_left(main: str, code: str) -> None:
    assert _codes(main) == [code]


def test_a_base_class_has_one() -> None:
    text = _text(HEAD + COUNT)
    below = "\n\nclass Below(Service):\n" + COUNT
    assert _text(text + below) == text + below.replace("db_manager.get_session", "_session_block")


def test_a_base_class_has_another_one() -> None:
    base = HEAD + "    def _session_block(self):\n        pass\n\n\nclass Below(Service):\n" + COUNT
    assert _codes(base) == ["name-taken"]


def test_without_an_application() -> None:
    assert _codes(HEAD + COUNT, application=APPLICATION) == ["service"]


def test_a_scope_that_does_not_say_for_which_database() -> None:
    assert _codes(HEAD + COUNT, managers=MANAGERS.replace("RAISE", "raise")) == ["service"]


def test_a_service_that_the_scope_itself_uses() -> None:
    managers = (
        BOUND.replace("    def get_db_session(self):\n", "    def get_db_session(self):\n        watcher.count()\n")
        + "from main import Service\nwatcher = Service(db_manager)\n"
    )
    assert _codes(HEAD + COUNT, managers=managers) == ["service"]


def test_a_scope_that_replaces_errors_is_not_told_of_them() -> None:
    managers = BOUND.replace("            raise\n", "            raise LookupError('database') from None\n", 1)
    text = {c.name: c.after for c in _migrated(HEAD + COUNT, managers=managers).changes}["main.py"].decode()
    assert "                    except BaseException as raised:\n                        error = raised\n" in text
    assert "except BaseException" not in _text(HEAD + COUNT)
