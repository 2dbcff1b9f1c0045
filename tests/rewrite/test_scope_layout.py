"""Layout no formatter would leave: shared lines, text that looks like code. It is migrated and behaves as before, or is left."""

from __future__ import annotations

import pytest

from tests.rewrite.programs import HEAD, migrated, migration_of, with_support
from tests.rewrite.test_scope_bytes import behaviour, literals

COUNT = "def count():\n    return 0\n\n\n"

MIGRATED = {
    "backslash": r"""def collect(i):
    session = \
        db_manager.get_session()
    try:
        return session.query(Book).count()
    finally:
        session.close()
""",
    "try-comment": """def collect(i):
    session = db_manager.get_session()
    try :  # why
        return session.query(Book).count()
    # odd
    finally  :   # at the end

        # close: it
        session.close()  # closed
""",
    "handler-line": """def collect(i):
    session = db_manager.get_session()
    try:
        b = session.get(Book, i); b.title = 'x'; session.commit()
        return 1
    except AttributeError: session.rollback(); return 2
    finally: session.close()
""",
    "type-comment": """def collect(i):
    session = db_manager.get_session()  # type: Session
    try:
        return session.query(Book).count()
    finally:
        session.close()
""",
    "text-that-looks": '''def collect(i):
    """
  def no():
    """
    session = db_manager.get_session()
    n = session.query(Book).count()
    s = """
    finally:
        session.close()
    """
    session.close()
    return n, s
''',
    "string-in-finally": '''def collect(i):
    session = db_manager.get_session()
    try:
        s = """
    finally:
"""
        return session.query(Book).count(), s
    finally:
        s = """
  finally:
      """
        session.close()
''',
    "comment-between": """def collect(i):
    session = db_manager.get_session()
    # between

# far left
    try:
        return session.query(Book).count()
# left
    finally:
        session.close()
# after
""",
    "dangling": """def collect(i):
    session = db_manager.get_session()
    try:
        n = session.query(Book).count()
    finally:
        session.close()
        # dangling in
    # dangling out
    return n
""",
    "with-line": """from contextlib import closing
def collect(i):
    with closing(db_manager.get_session()) as session: return session.query(Book).count()
""",
    "nested-try-string": '''def collect(i):
    session = db_manager.get_session()
    try:
        try:
            return session.query(Book).count(), f"""
{i:>{3}}
    a"""
        except ValueError:
            return None, """
  b"""
    finally:
        session.close()
''',
    "no-close": '''def collect(i):
    session = db_manager.get_session()
    return session.query(Book).count(), """
  x"""''',
    "eof-comment": """def collect(i):
    session = db_manager.get_session()
    try:
        return session.query(Book).count()
    finally:
        session.close()  # bye""",
    "feed": """def collect(i):
    session = db_manager.get_session()
    try:
        n = 1
\x0c
        return session.query(Book).count()
\x0c
    finally:
        session.close()
\x0c
def x(): pass
""",
    "long-prefix": '''def collect(i):
  if i:
      session = db_manager.get_session()
      try:
         return session.query(Book).count()
      except ValueError:
       return """
 a"""
      finally:
          session.close()
''',
    "try-line": """def collect(i):
    session = db_manager.get_session()
    try: return session.query(Book).count()
    finally: session.close()
""",
    "else-line": """def collect(i):
    session = db_manager.get_session()
    try: n = session.query(Book).count()
    except ValueError: n = 3
    else: n += 1
    finally: session.close()
    return n
""",
}

LEFT = {
    "if-line": (
        "conditional",
        """def collect(i):
    if i: session = db_manager.get_session()
    else: return 5
    try:
        return session.query(Book).count()
    finally:
        session.close()
""",
    ),
    "semicolon": (
        "one-line",
        """def collect(i):
    session = db_manager.get_session(); x = 1
    try:
        return session.query(Book).count() + x
    finally:
        session.close()
""",
    ),
    "before-semicolon": (
        "one-line",
        """def collect(i):
    x = 1; session = db_manager.get_session()
    try:
        return session.query(Book).count() + x
    finally:
        session.close()
""",
    ),
    "trailing-semicolon": (
        "one-line",
        """def collect(i):
    session = db_manager.get_session();
    try:
        return session.query(Book).count()
    finally:
        session.close();
""",
    ),
    "parens": (
        "not-verified",
        """def collect(i):
    session = (  # one
        db_manager.get_session()  # two
    )  # three
    try:
        return session.query(Book).count()
    finally:
        session.close()
""",
    ),
    "close-semicolon": (
        "after-close",
        """def collect(i):
    session = db_manager.get_session()
    try:
        return session.query(Book).count()
    finally:
        session.close(); i += 1
""",
    ),
    "finally-two": (
        "after-close",
        """def collect(i):
    session = db_manager.get_session()
    try:
        return session.query(Book).count()
    finally: session.close(); i += 1
""",
    ),
    "def-line": (
        "one-line",
        """def collect(i): session = db_manager.get_session(); return session.query(Book).count()
""",
    ),
    "def-lines": (
        "one-line",
        """def collect(i):
    session = db_manager.get_session(); n = session.query(Book).count(); session.close(); return n
""",
    ),
    "plain": (
        "one-line",
        r'''def collect(i):
    session = db_manager.get_session()
    n = session.query(Book).count(); \
    n += 1
    t = """
  x"""; session.close()
    return n, t
''',
    ),
}


@pytest.mark.parametrize("name", MIGRATED)
def test_it_is_migrated(name: str) -> None:
    source = (HEAD + COUNT + MIGRATED[name]).encode()
    result = migrated(source)
    assert b"with unified_session_manager.get_db_session() as session:" in result
    assert sorted(literals(result)) == sorted(literals(source))
    assert behaviour(result) == behaviour(source)
    assert migrated(result) == result


@pytest.mark.parametrize("name", LEFT)
def test_it_is_left(name: str) -> None:
    """Perhaps not for ever; but none of these is half done."""
    code, text = LEFT[name]
    source = (HEAD + COUNT + text).encode()
    found = migration_of(with_support(source))
    assert ([site.code for site in found.left], found.changes) == ([code], ())
    assert behaviour(source)


def test_the_unit_is_that_of_the_function() -> None:
    result = migrated(HEAD + COUNT + MIGRATED["text-that-looks"]).decode()
    assert 'as session:\n        n = session.query(Book).count()\n        s = """\n    finally:\n        session.close()\n' in result


def test_a_page_break_stays() -> None:
    assert migrated(HEAD + COUNT + MIGRATED["feed"]).count(b"\x0c") == 3
