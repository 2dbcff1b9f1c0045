"""The text that the codemod `scope` leaves: indentation, comments, strings, line endings, encodings, imports."""

from __future__ import annotations

import pytest

from tests.rewrite.programs import HEAD, migrated

BODY = """def titles(shelf):
    # before
    session = db_manager.get_session()  # taken
    try:
        # inside
        return [title for title, in session.query(Book.title)]  # kept
    finally:
        # given back
        session.close()
"""

PLAIN = """def titles(shelf):
    # before
    with unified_session_manager.get_db_session() as session:  # taken
        # inside
        return [title for title, in session.query(Book.title)]  # kept
        # given back
"""

HANDLER = '''def rename(book_id):
    session = db_manager.get_session()
    try:
        book = session.get(Book, book_id)
        book.title = """two
    lines"""
        session.commit()
    except ValueError:
        session.rollback()
        return ("a"
                "b")
    finally:
        session.close()
'''

KEPT = '''def rename(book_id):
    with unified_session_manager.get_db_session() as session:
        try:
            book = session.get(Book, book_id)
            book.title = """two
    lines"""
            session.commit()
        except ValueError:
            session.rollback()
            return ("a"
                    "b")
'''


@pytest.mark.parametrize(("before", "after"), [(BODY, PLAIN), (HANDLER, KEPT)], ids=["plain", "handler"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_line_endings(before: str, after: str, newline: str) -> None:
    source = (HEAD + before).replace("\n", newline).encode()
    assert migrated(source) == (HEAD + after).replace("\n", newline).encode()


@pytest.mark.parametrize("unit", ["\t", "  ", " " * 6])
def test_indentation(unit: str) -> None:
    before, after = (HANDLER.replace("\n    lines", "\n@lines"), KEPT.replace("\n    lines", "\n@lines"))
    before, after = ((HEAD + text).replace("    ", unit).replace("@", "    ") for text in (before, after))
    assert migrated(before) == after.encode()


def test_byte_order_mark_and_no_newline_at_the_end() -> None:
    source = b"\xef\xbb\xbf" + (HEAD + BODY).rstrip("\n").encode()
    assert migrated(source) == b"\xef\xbb\xbf" + (HEAD + PLAIN).rstrip("\n").encode()


def test_latin_1_and_form_feed() -> None:
    head = "# -*- coding: latin-1 -*-\n" + HEAD
    before = head + "\x0c\n" + BODY.replace("inside", "d\xe9dans")
    after = head + "\x0c\n" + PLAIN.replace("inside", "d\xe9dans")
    assert migrated(before.encode("latin-1")) == after.encode("latin-1")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from managers import db_manager\n", "from managers import db_manager, unified_session_manager\n"),
        ("from managers import (db_manager)\n", "from managers import (db_manager, unified_session_manager)\n"),
        ("from managers import (\n    db_manager,\n)\n", "from managers import (\n    db_manager,\n    unified_session_manager,\n)\n"),
        ("from managers import (\n    db_manager\n)\n", "from managers import (\n    db_manager,\n    unified_session_manager\n)\n"),
        ("from managers import \\\n    db_manager\n", "from managers import \\\n    db_manager, unified_session_manager\n"),
        ("from managers import db_manager  # db_manager\n", "from managers import db_manager, unified_session_manager  # db_manager\n"),
    ],
)
def test_import_is_added_beside_the_managers(before: str, after: str) -> None:
    rest = "from models import Book\n\n\n"
    assert migrated(before + rest + BODY) == (after + rest + PLAIN).encode()


def test_aliased_import() -> None:
    before = "from managers import db_manager as d\nfrom models import Book\n\n\n" + BODY.replace("db_manager.", "d.")
    after = "from managers import db_manager as d, unified_session_manager\nfrom models import Book\n\n\n" + PLAIN
    assert migrated(before) == after.encode()


def test_work_after_the_finally_stays_outside() -> None:
    before = HEAD + BODY.replace("return [", "found = [").replace(
        "        session.close()\n", "        session.close()\n\n    return found\n"
    )
    after = HEAD + PLAIN.replace("return [", "found = [") + "\n    return found\n"
    assert migrated(before) == after.encode()


def test_one_line_finally() -> None:
    before = (
        HEAD + "def count():\n    session = db_manager.get_session()\n    try:\n"
        "        return session.query(Book).count()\n    finally: session.close()\n"
    )
    after = (
        HEAD + "def count():\n    with unified_session_manager.get_db_session() as session:\n        return session.query(Book).count()\n"
    )
    assert migrated(before) == after.encode()


def test_nested_sites_compose() -> None:
    inner = (
        "        other = db_manager.get_session()\n        try:\n            other.query(Book).delete()\n            other.commit()\n"
        "        except ValueError:\n            other.rollback()\n        finally:\n            other.close()\n"
    )
    before = HEAD + BODY.replace("        # inside\n", inner)
    new = (
        "        with unified_session_manager.get_db_session() as other:\n            try:\n                other.query(Book).delete()\n"
        "                other.commit()\n            except ValueError:\n                other.rollback()\n"
    )
    assert migrated(before) == (HEAD + PLAIN.replace("        # inside\n", new)).encode()


def test_session_that_was_never_closed() -> None:
    before = (
        HEAD + "def title():\n    session = db_manager.get_session()\n    book = session.get(Book, 1)\n"
        "    found = book.title\n    return found\n"
    )
    after = (
        HEAD
        + "def title():\n    with unified_session_manager.get_db_session() as session:\n        book = session.get(Book, 1)\n"
        + "        found = book.title\n    return found\n"
    )
    assert migrated(before) == after.encode()


def test_suppressions_of_what_is_mended_go_with_it() -> None:
    comment = "  # sessionlint: ignore[SES101] -- until the migration"
    plain = BODY.replace("  # taken", "").replace("        # given back\n", "")
    done = PLAIN.replace("  # taken", "").replace("        # given back\n", "")
    assert migrated(HEAD + plain.replace("get_session()", "get_session()" + comment)).decode() == HEAD + done
    above = "    # sessionlint: ignore[SES101] -- until the migration\n"
    assert migrated(HEAD + plain.replace("    # before\n", above)).decode() == HEAD + done.replace("    # before\n", "")
