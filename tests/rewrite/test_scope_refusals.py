"""What the codemod `scope` leaves alone, and which of the two scopes a site gets."""

from __future__ import annotations

import pytest

from sessionlint.rewrite.codemods.scope import ManagedScope
from tests.rewrite.programs import HEAD, migrated, migration_of, refused, with_support

WRAPPED = "    session = db_manager.get_session()\n    try:\n{body}    finally:\n        session.close()\n"
READS = "        return session.query(Book).count()\n"

FLASK = "from flask import Flask\nfrom sqlalchemy.exc import SQLAlchemyError\n"
ROUTE = "app = Flask(__name__)\n\n\n@app.route('/')\ndef page():\n"
IMPORTS = "from managers import db_manager, request_session_manager, unified_session_manager\nfrom models import Book\n"


def _function(body: str, after: str = "") -> str:
    return HEAD + "def work(other):\n" + WRAPPED.format(body=body) + after


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("        book = session.get(Book, 1)\n        book.title = 'x'\n        return book\n", "escapes"),
        ("        return session.query(Book)\n", "escapes"),
        ("        return session\n", "escapes"),
        ("        other.session = session\n", "escapes"),
        ("        other.append(session.get(Book, 1))\n", "escapes"),
        ("        other.start(session)\n", "escapes"),
        ("        yield session.get(Book, 1)\n", "escapes"),
        ("        return lambda: session.query(Book).count()\n", "escapes"),
        ("        session.begin()\n        session.query(Book).delete()\n", "own-transaction"),
        ("        session = None\n", "rebound"),
    ],
)
def test_left(body: str, code: str) -> None:
    assert refused(_function(body)) == [code]


@pytest.mark.parametrize(
    "body",
    [
        "        return session.get(Book, 1).title\n",
        "        return [book.title for book in session.query(Book)]\n",
        "        return session.query(Book.title).all()\n",
        "        return {book.id: {'title': book.title} for book in session.query(Book)}\n",
        "        return session.get(Book, 1) is not None\n",
        "        return len(session.query(Book).all())\n",
    ],
)
def test_plain_values_may_leave(body: str) -> None:
    assert refused(_function(body)) == []


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("        return session.get(Book, 1)\n", ["result = session.get(Book, 1)", "session.expunge_all()", "return result"]),
        ("        books = session.query(Book).all()\n        return books\n", ["session.expunge_all()", "return books"]),
    ],
)
def test_instances_leave_as_close_would_have_left_them(body: str, lines: list[str]) -> None:
    text = migrated(_function(body)).decode()
    assert "".join(f"        {line}\n" for line in lines) in text


def test_instances_do_not_leave_the_shared_session_of_a_request() -> None:
    source = FLASK + IMPORTS + "def helper():\n" + WRAPPED.format(body="        return session.get(Book, 1)\n")
    route = ROUTE + "    return helper().title\n"
    assert b"with unified_session_manager.get_db_session() as session:" in migrated(source + route)


def test_return_in_finally() -> None:
    assert refused(_function(READS, "        return 1\n")) == ["leaves-finally"]


def test_statement_after_close() -> None:
    assert refused(_function(READS, "        print('closed')\n")) == ["after-close"]


def test_manager_that_is_handed_in() -> None:
    source = HEAD + "def work(db_manager):\n" + WRAPPED.format(body=READS)
    assert refused(source) == ["handed-in"]


def test_service() -> None:
    source = (
        HEAD + "class Service:\n    def work(self):\n        with self.db_manager.get_session() as s:\n"
        "            return s.query(Book).count()\n"
    )
    assert refused(source) == ["service"]


def test_name_that_is_taken() -> None:
    source = "from managers import db_manager\nfrom models import Book\nunified_session_manager = 1\n\n\ndef work():\n" + WRAPPED.format(
        body=READS
    )
    assert refused(source) == ["name-taken"]


def test_translated_error_that_a_caller_catches() -> None:
    caller = "\n\ndef call():\n    try:\n        return work(1)\n    except LookupError:\n        return 0\n"
    assert refused(_function(READS, caller), translating=True) == ["translated-errors"]
    assert refused(_function(READS, caller)) == []


def test_translated_error_that_a_caller_shows_and_raises_again() -> None:
    caller = "\n\ndef call():\n    try:\n        return work(1)\n    except Exception as error:\n        {said}\n        raise\n"
    shown, logged = caller.format(said="print(type(error).__name__)"), caller.format(said="logger.error('failed: %s', error)")
    assert refused(_function(READS, shown), translating=True) == ["translated-errors"]
    assert refused(_function(READS, logged), translating=True) == []
    assert refused(_function(READS, shown)) == []


def test_errors_that_the_handler_of_a_translating_scope_does_not_see() -> None:
    """Those of the `else`, of the handler itself, and of what stands between the acquisition and the `try`."""
    work = (
        "def work():\n    session = db_manager.get_session()\n{between}    try:\n        books = session.query(Book).all()\n"
        "    except SQLAlchemyError:\n        {handler}\n{orelse}    finally:\n        session.close()\n"
    )
    caller = "\n\ndef call():\n    try:\n        work()\n    except SQLAlchemyError:\n        return 0\n"
    head = "from sqlalchemy.exc import SQLAlchemyError\n" + HEAD
    forms = [
        {"between": "", "handler": "return 0", "orelse": ""},
        {"between": "", "handler": "return 0", "orelse": "    else:\n        print(books[0].title)\n"},
        {"between": "", "handler": "return session.query(Book).count()", "orelse": ""},
        {"between": "    print(session.query(Book).count())\n", "handler": "return 0", "orelse": ""},
    ]
    found = [refused(head + work.format(**form) + caller, translating=True) for form in forms]
    assert found == [[], ["translated-errors"], ["translated-errors"], ["translated-errors"]]


def test_route_that_a_translating_scope_would_change_gets_the_request_scope() -> None:
    handler = "\n\n@app.errorhandler(SQLAlchemyError)\ndef failed(error):\n    return 'database', 500\n"
    source = FLASK + IMPORTS + ROUTE + WRAPPED.format(body=READS) + handler
    assert b"with request_session_manager.session_scope() as session:" in migrated(source, translating=True)
    assert b"with unified_session_manager.get_db_session() as session:" in migrated(source)


def test_writing_route_does_not_get_the_shared_scope() -> None:
    handler = "\n\n@app.errorhandler(SQLAlchemyError)\ndef failed(error):\n    return 'database', 500\n"
    writes = "        session.query(Book).delete()\n        session.commit()\n        return 'ok'\n"
    source = FLASK + IMPORTS + ROUTE + WRAPPED.format(body=writes) + handler
    assert refused(source, translating=True) == ["translated-errors"]


def test_helper_of_routes_gets_the_request_scope_and_others_do_not() -> None:
    helper = "def count():\n" + WRAPPED.format(body=READS)
    source = FLASK + IMPORTS + helper + ROUTE + "    return str(count())\n"
    assert b"with request_session_manager.session_scope() as session:" in migrated(source)
    assert b"with unified_session_manager.get_db_session() as session:" in migrated(source + "\n\ndef nightly():\n    return count()\n")


def test_early_return_with_pending_changes_rolls_back() -> None:
    body = (
        "        book = session.get(Book, 1)\n        book.title = 'x'\n        if other:\n"
        "            return book.id\n        session.commit()\n"
    )
    after = (
        HEAD + "def work(other):\n    with unified_session_manager.get_db_session() as session:\n        book = session.get(Book, 1)\n"
        "        book.title = 'x'\n        if other:\n            result = book.id\n"
        "            session.rollback()\n            return result\n"
        "        session.commit()\n"
    )
    [change] = migration_of(with_support(_function(body)), [ManagedScope]).changes
    assert change.after == after.encode()


def test_reason_and_place_are_those_of_the_file_as_it_is() -> None:
    source = _function(READS) + "\n\ndef keep():\n" + WRAPPED.format(body="        return session.query(Book)\n")
    [site] = migration_of(with_support(source)).left
    assert (site.row, site.function, site.reason.partition(":")[0]) == (14, "keep", "line 16")


@pytest.mark.parametrize(
    "body",
    [
        "        session.add(other)\n        session.commit()\n        session.refresh(other)\n",
        "        def titles():\n            for book in session.query(Book):\n"
        "                yield book.title\n        return other(titles())\n",
    ],
    ids=["an instance of the caller's", "a stream"],
)
def test_what_others_hold(body: str) -> None:
    assert refused(_function(body)) == ["escapes"]


def test_generator_does_not_count_as_running_in_the_request() -> None:
    stream = "def titles():\n" + WRAPPED.format(body="        for title, in session.query(Book.title):\n            yield title\n")
    source = FLASK + IMPORTS + stream + ROUTE + "    return list(titles())\n"
    assert b"with unified_session_manager.get_db_session() as session:" in migrated(source)


def test_taken_in_a_branch() -> None:
    head = "def work(session=None):\n    own = session is None\n    if own:\n        session = db_manager.get_session()\n"
    rest = "    try:\n        return session.query(Book).count()\n    finally:\n        if own:\n            session.close()\n"
    assert refused(HEAD + head + rest) == ["conditional"]
