"""One program in many spellings of its bytes: each is migrated, behaves as before, and differs in nothing but the lines of the edit."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import Counter
from itertools import product
from types import ModuleType

import pytest

from sessionlint.rewrite.text import read_text
from tests.rewrite.programs import HEAD, MANAGERS, MODELS, migrated

PROGRAM = (
    HEAD
    + '''def keep(function):
    return function


@FEEDdef collect(book_id):
    """Collect.

  Indented less.
    """
    # before
    session = db_manager.get_session()  # taken
    try:
        parts = ["""one
  two\t
\x0cthree \\
      four \\x41
        session.close()
        """, f"""{book_id!r:>{6}}
    {'x'!r}
@FEED""", rf\'\'\'\\d{{1}}
  \'\'\', b"""
    bytes""", ('a'  # (
  'b'
              'c'), 'd\\
    e', "@WORD@", "@SEPARATORS@"]
        x = 1; parts.append(str(x))  # two of them
        if book_id: parts.append('one line'); parts.append("""
 two""")
        total = 1 + \\
  2 \\
            + 3
        book = session.get(Book, book_id)
        # a comment: @WORD@ @SEPARATORS@
      # one that is out of line

@BLANK
        @keep
        def inner(text: str = \'\'\'
    default\'\'\',
    *rest,  # type: int
        ):
            return text  # type: ignore[return-value]
        parts.append(inner())
@FEED        # fmt: off
@FEED        parts += [ 1,2,
   3 ]
        # fmt: on
        if book is None:
            return parts, None
        book.title = book.title + "@WORD@"
        session.commit()
        return (parts,
@LONG
                book.title + str(total))   # trailing  @TRAILING
    except ValueError:
        session.rollback()
        return None
    finally:
        # given back
        session.close()


def count():
    session = db_manager.get_session()
    try:
        return session.query(Book).count(), """
  of them"""
    finally: session.close()'''
)

NEWLINES = {"lf": ["\n"], "crlf": ["\r\n"], "cr": ["\r"], "mixed": ["\n", "\n", "\r\n", "\n", "\r"]}
ENCODINGS = {
    "utf-8": ("", "é€😀"),
    "utf-8-sig": ("", "é€😀"),
    "latin-1": ("# -*- coding: latin-1 -*-\n", "é\xad\x85"),
    "cp1252": ("#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n", "é€"),
    "shift_jis": ("# coding: shift_jis\n", "表ソ"),
}
UNITS = {"four": "    ", "tab": "\t", "two": "  ", "seven": " " * 7}
SEPARATORS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
GONE = [
    "session = db_manager.get_session()  # taken",
    "finally:",
    "session.close()",
    "session = db_manager.get_session()",
    "try:",
    "finally: session.close()",
]
NEW = ["with unified_session_manager.get_db_session() as session:  # taken", "with unified_session_manager.get_db_session() as session:"]


def logical_rows(program: str) -> list[int]:
    """The rows with which logical lines begin, from 0."""
    rows, is_first = [], True
    for token in tokenize.generate_tokens(io.StringIO(program).readline):
        if token.type == tokenize.NEWLINE:
            is_first = True
        elif is_first and token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            rows.append(token.start[0] - 1)
            is_first = False
    return rows


def spelled(newline: str, encoding: str, unit: str, *, feeds: bool, ends: bool) -> bytes:
    """The program in these bytes. Only indentation is respelled, not what looks like it inside strings and brackets."""
    cookie, word = ENCODINGS[encoding]
    try:
        SEPARATORS.encode(encoding)
        separators = SEPARATORS
    except UnicodeEncodeError:
        separators = SEPARATORS[:5]
    rows = PROGRAM.split("\n")
    for number in logical_rows(PROGRAM.replace("@FEED", "").replace("@LONG", "").replace("@BLANK", "")):
        row = rows[number].removeprefix("@FEED")
        level = (len(row) - len(row.lstrip(" "))) // 4
        rows[number] = rows[number][: len(rows[number]) - len(row)] + UNITS[unit] * level + row.lstrip(" ")
    text = cookie + "\n".join(rows)
    text = text.replace("@FEED", "\x0c" if feeds else "").replace("@WORD@", word).replace("@SEPARATORS@", separators)
    text = text.replace("@LONG", '"' + "long" * 20_000 + '",').replace("@BLANK", " \t ").replace("@TRAILING", "\t ")
    endings = NEWLINES[newline]
    lines = [row + endings[number % len(endings)] for number, row in enumerate(text.split("\n"))]
    if not ends:
        lines[-1] = lines[-1].rstrip("\r\n")
    return "".join(lines).encode(encoding)


def module(name: str, source: str | bytes) -> ModuleType:
    """A module of this source, in `sys.modules`."""
    sys.modules[name] = made = ModuleType(name)
    exec(compile(source, f"{name}.py", "exec", dont_inherit=True), made.__dict__)
    return made


def behaviour(source: bytes) -> list[object]:
    """What the program returns, and what is in its database afterwards."""
    names = ("managers", "models", "program")
    saved = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    try:
        managers, models = module("managers", MANAGERS.replace("RAISE", "raise")), module("models", MODELS)
        session = managers._make()
        models.Base.metadata.create_all(session.connection())
        session.add_all([models.Book(id=1, title="a"), models.Book(id=2, title="b")])
        session.commit()
        program = module("program", source)
        results = [program.collect(1), program.collect(7), program.collect(0), program.count()]
    finally:
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(saved)
    session.expire_all()
    results.append([(book.id, book.title) for book in session.query(models.Book).order_by(models.Book.id)])
    session.close()
    session.get_bind().dispose()
    return results


def literals(source: bytes) -> list[str]:
    return [ast.dump(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant | ast.JoinedStr)]


VARIANTS = [
    *product(["lf", "crlf", "mixed"], ENCODINGS, ["four"], [False], [True]),
    *product(["cr"], ["utf-8", "utf-8-sig"], ["four"], [False], [True]),
    *product(["lf", "crlf"], ["utf-8"], UNITS, [False, True], [True, False]),
]


@pytest.mark.parametrize(("newline", "encoding", "unit", "feeds", "ends"), VARIANTS)
def test_spelling(newline: str, encoding: str, unit: str, feeds: bool, ends: bool) -> None:
    source = spelled(newline, encoding, unit, feeds=feeds, ends=ends)
    result = migrated(source)
    old, new = (Counter(line.strip(" \t\x0c\r\n") for line in read_text(content).lines) for content in (source, result))
    imports = "from managers import db_manager, unified_session_manager"
    assert imports in old
    assert sorted((old - new).elements()) == sorted(GONE)
    assert sorted((new - old).elements()) == sorted(NEW)
    assert sorted(literals(result)) == sorted(literals(source))
    assert behaviour(result) == behaviour(source)
    assert migrated(result) == result
    kinds = [{line[len(line.rstrip("\r\n")) :] for line in read_text(content).lines} for content in (source, result)]
    assert kinds[1] <= kinds[0]
    assert result.endswith((b"\n", b"\r")) is ends or newline == "mixed"
    assert result.startswith(source[:3])


@pytest.mark.parametrize("encoding", ["cp1252", "shift_jis"])
def test_what_the_standard_library_does_not_decode_is_left(encoding: str) -> None:
    """`tokenize` looks for the cookie in a line, and takes a file that knows no line feed for one; it is reported as unreadable."""
    source = spelled("cr", encoding, "four", feeds=False, ends=True)
    assert migrated(source) == source


@pytest.mark.parametrize("encoding", ["utf-7", "iso2022_jp"])
def test_what_would_not_come_back_byte_by_byte_is_left(encoding: str) -> None:
    odd = {"utf-7": b"# +AOk-+AOk-\n", "iso2022_jp": b'# \x1b$B$"\x1b(B\x1b$B$"\x1b(B\n'}[encoding]
    counting = (
        b"from managers import db_manager, unified_session_manager\n\n\ndef count(book_id):\n    session = db_manager.get_session()\n"
    )
    counting += b"    try:\n        return session.info[book_id] == 1\n    finally:\n        session.close()\n"
    plain = f"# coding: {encoding}\n".encode() + counting
    assert migrated(plain) != plain
    assert migrated(plain + odd) == plain + odd
