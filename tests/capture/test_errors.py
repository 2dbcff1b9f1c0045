"""Whatever the bytes are: facts, or one error that says what is wrong and where."""

from __future__ import annotations

import gc
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessionlint.capture import capture
from sessionlint.facts import FileError, decode, encode
from sessionlint.source import Range

ROOT = Path(__file__).parents[2]

SYNTAX = {
    "unclosed": ("x = (1,\n", "'(' was never closed", (1, 5)),
    "missing colon": ("if x\n    pass\n", "expected ':'", (1, 5)),
    "Python 2": ("print 'a'\n", "Missing parentheses in call to 'print'. Did you mean print(...)?", (1, 1)),
    "unterminated": ("a\nx = 'abc\n", None, (2, 5)),
    "dedent": ("def f():\n    a\n  b\n", "unindent does not match any outer indentation level", (3, 0)),
    "no body": ("class A:\n", "expected an indented block after class definition on line 1", (1, 0)),
    "wide characters": ("é = 'ü' 1\n", "invalid syntax", (1, 9)),
}


@pytest.mark.parametrize(("source", "message", "place"), [pytest.param(*case, id=name) for name, case in SYNTAX.items()])
def test_syntax_error(source: str, message: str | None, place: tuple[int, int]) -> None:
    found = capture(source.encode())
    assert found.functions == found.classes == found.suppressions == ()
    assert found.error is not None
    assert found.error.kind == "syntax"
    assert found.error.at.row == place[0]
    assert found.error.at.column == place[1] or not place[1]  # Python's versions differ
    assert "\n" not in found.error.message
    if message is not None:
        assert found.error.message == message


def test_what_only_libcst_rejects_says_so() -> None:
    found = capture(b"x = 1\n(y): int\n").error
    assert found is not None
    assert (found.message, found.at.row) == ("invalid syntax to libcst, although Python accepts it", 2)


UNREADABLE = {
    "null byte": (b"x = 1\ny = '\0'\n", "contains a null byte (line 2)"),
    "not utf-8": (b"x = 1\r\ny = '\xe4'\r\n", "is not utf-8: byte 0xe4 (line 2)"),
    "not in the first line": (b"\xff\n", "is not utf-8: byte 0xff (line 1)"),
    "unknown cookie": (b"# coding: martian\n", "unknown encoding: martian"),
    "cookie against mark": (b"\xef\xbb\xbf# coding: latin-1\n", "encoding problem: utf-8"),
}


@pytest.mark.parametrize(("content", "message"), [pytest.param(*case, id=name) for name, case in UNREADABLE.items()])
def test_unreadable(content: bytes, message: str) -> None:
    assert capture(content).error == FileError("unreadable", message, Range(1, 1, 1, 1))


@pytest.mark.parametrize("codec", ["rot13", "hex", "undefined", "utf-16", "zlib", "idna", "unicode_escape", "utf-7", "raw_unicode_escape"])
def test_odd_codecs_raise_nothing(codec: str) -> None:
    found = capture(f"# coding: {codec}\nx = '\\ud800+2AA-\\d'\n".encode())
    assert found.error is None or (found.error.kind in ("unreadable", "syntax") and "\n" not in found.error.message)


ENCODINGS = {
    "empty": b"",
    "no line end": b"x = 1",
    "blanks": b"   ",
    "line ends": b"a\r\nb\rc\n",
    "form feed": b"\x0cdef f():\n    a\n\x0c\n    b\n",
    "mark": b"\xef\xbb\xbfx = 1\n",
    "mark and cookie": b"\xef\xbb\xbf# coding: utf-8\nx = 1\n",
    "latin-1": b"# -*- coding: latin-1 -*-\nx = '\xe4'\n",
    "latin-1 in the second line": b"#!/bin/python\n# vim: set fileencoding=latin-1 :\nx = '\xe4'\n",
    "not a cookie": b"# some text\n\n# coding: martian\n",
}


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in ENCODINGS.items()])
def test_readable(content: bytes) -> None:
    assert capture(content).error is None


def test_encoding_and_line_ends_in_facts() -> None:
    latin = capture(b"# coding: latin-1\r\nx = '\xe4', y\r\nz = '''a\r\nb'''").functions[0]
    assert latin.body[0].at == Range(2, 1, 2, 11)
    assert latin.body[1].at == Range(3, 1, 4, 5)
    marked = capture(b"\xef\xbb\xbfx = 1\n").functions[0]
    assert marked.body[0].at == Range(1, 1, 1, 6)


DEEP = {
    "parentheses": "x = " + "(" * 5000 + "1" + ")" * 5000,
    "open": "x = " + "[" * 5000,
    "closed": "x = " + ")" * 5000,
    "brackets": "x = " + "[" * 300 + "]" * 300,
    "not": "x = " + "not " * 1500 + "1",
    "attributes": "x = a" + ".b" * 1500,
    "blocks": "".join(" " * i + "if a:\n" for i in range(200)),
}


@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in DEEP.items()])
def test_deep_nesting_is_an_error(source: str) -> None:
    error = capture(source.encode()).error
    assert error is not None
    assert error.kind == "syntax"


def test_brackets_in_strings_do_not_nest() -> None:
    assert capture(("x = '" + "(" * 300 + "'\n").encode()).error is None


def test_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    capture(b"x = (")
    assert gc.isenabled()
    gc.disable()
    try:
        capture(b"x = 1")
        assert not gc.isenabled()
    finally:
        gc.enable()


@given(st.binary(max_size=60))
def test_any_bytes(content: bytes) -> None:
    found = capture(content)
    assert (found.error is None) == bool(found.functions)
    assert decode(encode(found)) == found


_TOKENS = [
    "if ",
    "x",
    " = ",
    "(",
    ")",
    "[",
    "]",
    ":",
    "\n",
    "\n    ",
    "'",
    '"""',
    "f'",
    "{",
    "}",
    "def f",
    "class ",
    "#",
    " # noqa",
    "lambda ",
    "for ",
]
_MORE = [
    "in ",
    "match ",
    "case ",
    "_",
    "with ",
    "as ",
    ", ",
    "*",
    "**",
    ".",
    "\\\n",
    "\f",
    "\r",
    ";",
    "@",
    "else:",
    "try:",
    "except ",
    "import ",
    "from ",
    "1",
    "é",
    "yield ",
    "await ",
    "async ",
    "not ",
    "== ",
    ":= ",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_TOKENS + _MORE), max_size=25))
def test_any_tokens(tokens: list[str]) -> None:
    found = capture("".join(tokens).encode())
    assert (found.error is None) == bool(found.functions)
    assert decode(encode(found)) == found


@pytest.mark.parametrize("name", ["expressions", "definitions", "suppressions"])
def test_broken_copies_of_real_files(name: str) -> None:
    content = (ROOT / f"src/sessionlint/capture/{name}.py").read_bytes()
    chance = random.Random(7)
    for _ in range(25):
        start = chance.randrange(len(content))
        length = chance.choice([1, 3, 40])
        found = capture(content[:start] + content[start + length :] if chance.random() < 0.7 else content[:start])
        assert (found.error is None) == bool(found.functions)
