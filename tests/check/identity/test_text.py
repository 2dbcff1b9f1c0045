"""Logical lines are the same whether a row is read at once or taken apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionlint.check import Finding
from sessionlint.check.identity import Text, Texts, identified, told_apart
from sessionlint.check.identity import text as text_module
from sessionlint.source import Location, Range

ROOT = Path(__file__).parents[3]
APPS = sorted((ROOT / "fixtures/apps").rglob("*.py"))


def lines(content: bytes) -> list[tuple[int, int, int, float, str, int]]:
    return [(line.row, line.column, line.last_row, line.indent, line.text, line.parent) for line in Text("a.py", content).lines]


def test_rows_and_what_is_on_them() -> None:
    content = b"def f(a=(1)):  # why\n\tx = 'a:b'; y = g('#', \")\")\n\n    # nothing\n\tif x: return (1,\n 2)\r\n\treturn x\n'''a\nb'''; z"
    assert lines(content) == [
        (1, 1, 1, 0.0, "def f(a=(1)):", -1),
        (2, 2, 2, 8.0, "x = 'a:b'", 0),
        (2, 13, 2, 8.0, "y = g('#', \")\")", 0),
        (5, 2, 5, 8.0, "if x:", 0),
        (5, 8, 6, 8.5, "return (1,\n 2)", 3),
        (7, 2, 7, 8.0, "return x", 0),
        (8, 1, 9, 0.0, "'''a\nb'''", -1),
        (9, 7, 9, 0.0, "z", -1),
    ]


def test_a_passage_ends_where_its_range_does() -> None:
    text = Text("a.py", b"x = 1\r\ny = f(a,\n      b, c)\rz = 2\x0c\n")
    assert text.passage(Range(2, 5, 3, 8)) == "f(a, b"
    assert text.passage(Range(4, 1, 4, 6)) == "z = 2"
    assert text.passage(Range(6, 1, 6, 2)) == ""


FRAGMENTS = [
    "x = 1",
    "if a:",
    "f(a, 'b')",
    "(",
    ")",
    "'''",
    '"""',
    "'",
    '"',
    "#",
    ":",
    ";",
    "\\",
    "\\\n",
    "\n",
    "\r\n",
    "\r",
    "  ",
    "\t",
    "[",
    "]",
    "é",
]


@given(st.lists(st.sampled_from(FRAGMENTS)).map("".join))
def test_plain_rows_need_not_be_taken_apart(source: str) -> None:
    found = lines(source.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_module, "_PLAIN_ROW", re.compile(r"(?!)"))
        assert lines(source.encode()) == found


@pytest.mark.parametrize("path", APPS, ids=lambda path: path.relative_to(ROOT / "fixtures/apps").as_posix())
def test_what_tells_findings_apart_is_part_of_their_identity(path: Path) -> None:
    content = path.read_bytes()
    rows = range(1, content.count(b"\n") + 2)
    findings = [Finding("SES101", "x", "message", Location("a.py", Range(row, 1, row, 9)), evidence="e") for row in rows]
    expected = [(*one.identity.kind, one.query, *one.identity.after[:1]) for one in identified(findings, Texts({"a.py": content}))]
    assert list(told_apart(findings, Texts({"a.py": content}))) == expected
