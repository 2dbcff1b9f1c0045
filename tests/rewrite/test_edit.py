"""Lines, bytes and edits: what is not edited stays the same bytes, and a block that is moved keeps its meaning and its strings.

The programs are generated: every line ending, encodings, form feeds, tabs, comments at any column, strings that hold what looks like code.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from libcst import ParserSyntaxError

from sessionlint.rewrite.edit import Insertion, LineEdits, Replacement, Shift, compose
from sessionlint.rewrite.text import lines_of, read_text, string_rows

ENDINGS = ["\n", "\r\n", "\r"]
SEPARATORS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""What `str.splitlines` takes for the end of a line, and Python does not."""

# -- lines --------------------------------------------------------------------------------------------------------

texts = st.text(st.sampled_from("ab \t#é" + SEPARATORS + "\r\n"), max_size=40)


@given(texts)
def test_lines_add_up(text: str) -> None:
    lines = lines_of(text)
    assert "".join(lines) == text
    read = text.replace("\r\n", "\n").replace("\r", "\n")
    assert len(lines) == read.count("\n") + (read != "" and not read.endswith("\n"))


@pytest.mark.parametrize(
    ("content", "encoding", "newline"),
    [
        (b"", "utf-8", "\n"),
        (b"x", "utf-8", "\n"),
        (b"\xef\xbb\xbfx = 1\r\n", "utf-8", "\r\n"),
        (b"# coding: latin-1\nx = '\xe9'\r\r", "iso-8859-1", "\r"),
        (b"#!/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n", "cp1252", "\n"),
        (b"# coding: koi8-r\n'\xc1'\r\n\r\n", "koi8-r", "\r\n"),
        (b"# coding: shift_jis\n'\x83\x5c'", "shift_jis", "\n"),
        (b"\xef\xbb\xbf# coding: utf-8\n'\xc3\xa9'\n", "utf-8", "\n"),
    ],
)
def test_bytes_come_back(content: bytes, encoding: str, newline: str) -> None:
    text = read_text(content)
    assert (text.encoding, text.newline) == (encoding, newline)
    assert text.encode(list(text.lines)) == content
    assert compose(text, [], frozenset()) == list(text.lines)


@pytest.mark.parametrize("content", [b"# coding: utf-7\n'+AGEAYg-'\n", b"# coding: iso2022_jp\n'\x1b(B\x1b$B$\"\x1b(B\x1b(B'\n"])
def test_bytes_that_would_not_come_back(content: bytes) -> None:
    """Some encodings write a character in several ways; what is decoded and encoded is not the same then."""
    text = read_text(content)
    with pytest.raises(UnicodeEncodeError, match="does not give the same bytes"):
        text.encode(list(text.lines))


def test_character_that_the_encoding_lacks() -> None:
    text = read_text(b"# coding: latin-1\n")
    with pytest.raises(UnicodeEncodeError):
        text.encode(["'€'\n"])


# -- blocks that move ---------------------------------------------------------------------------------------------

NESTED = ["{[1,\n 2]}", "{'a\\n' + f'{1}'}"] if sys.version_info >= (3, 12) else []
"""What an f-string may hold since Python 3.12."""


@dataclass(frozen=True)
class Block:
    """A function: its header, the rows of its body (texts without endings), the indentation of the body, and the lines after it."""

    rows: tuple[str, ...]
    indent: str


def literal(draw: st.DrawFn, indent: str) -> list[str]:
    """A string over several rows."""
    quote = draw(st.sampled_from(['"""', "'''"]))
    pieces = st.lists(st.sampled_from([*"ab \t#(é", *SEPARATORS, indent, "\\\\", "\\n"]), max_size=6)
    rows = ["".join(row) for row in draw(st.lists(pieces, min_size=1, max_size=4))]
    match draw(st.sampled_from(["plain", "f", "b", "continued", "joined"])):
        case "f":
            rows[-1] += draw(st.sampled_from(["{1}", "{1:>{2}}", "{1!r}", "{{", *NESTED]))
            text = f"f{quote}" + "\n".join(rows) + quote
        case "b":
            text = f"b{quote}" + "\n".join(row.encode("ascii", "replace").decode() for row in rows) + quote
        case "continued":
            text = "'a\\\n" + "".join(row.replace("\\", "") + "\\\n" for row in rows) + "z'"
        case "joined":
            text = "('a' # (\n" + draw(st.sampled_from(["", " ", indent, "\t"])) + "'b'\n  'c')"
        case _:
            text = quote + "\n".join(rows) + quote
    return text.split("\n")


def simple(draw: st.DrawFn, indent: str, unit: str) -> list[str]:
    """Rows of a statement, or of what stands between statements."""
    lead = draw(st.sampled_from(["", " ", indent, indent + "  ", "\t"]))
    first, *others = literal(draw, indent)
    return draw(
        st.sampled_from(
            [
                [f"{indent}x = {first}", *others],
                [f"{lead}# é" + draw(st.sampled_from(SEPARATORS))],
                [draw(st.sampled_from(["", " ", indent, "\x0c", indent + "\t \x0c"]))],
                [f"{indent}x = 1; y = 'a  # b'  ;z = 2 # c"],
                [f"{indent}x = 1 + \\", f"{lead}2  "],
                [f"{indent}f(1,  # one", f"{lead}2,", "", f"{indent})"],
                [f"{indent}if x: y = '''a'''"],
                [f"{indent}@f(1)", f"{indent}def g(a, b='''", "  # '''):", f"{indent}{unit}return a  # type: ignore"],
            ]
        )
    )


@st.composite
def statements(draw: st.DrawFn, indent: str, unit: str, depth: int = 0) -> list[str]:
    """Rows of statements at an indentation."""
    rows: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        if depth < 2 and draw(st.booleans()):
            rows += [f"{indent}if x:  # fmt: off", *draw(statements(indent + unit, unit, depth + 1))]
            rows += [f"{indent}else:", *draw(statements(indent + unit, unit, depth + 1))]
        else:
            rows += simple(draw, indent, unit)
        rows.append(draw(st.sampled_from(["", "", "\x0c", " \t\x0c \x0c"])) + f"{indent}x")
    return rows


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    unit = draw(st.sampled_from(["    ", "\t", "  ", " "]))
    return Block(tuple(draw(statements(unit, unit))), unit)


@given(st.data(), blocks(), st.lists(st.sampled_from(ENDINGS), min_size=1, max_size=4), st.sampled_from(["utf-8", "bom", "cookie"]))
@settings(max_examples=300, deadline=None)
def test_a_block_that_moves(data: st.DataObject, block: Block, endings: list[str], encoding: str) -> None:
    head = ["# coding: utf-8", "def f(x):"] if encoding == "cookie" else ["import a", "def f(x):"]
    rows = [*head, *block.rows, "def after(): pass"]
    source = "".join(row + endings[number % len(endings)] for number, row in enumerate(rows))
    if data.draw(st.booleans()):
        source = source[: -len(endings[(len(rows) - 1) % len(endings)])]
    content = source.encode("utf-8-sig" if encoding == "bom" else "utf-8")
    text, unit = read_text(content), block.indent
    edits = LineEdits(
        shifts=[Shift(3, len(rows) - 1, unit, unit)],
        inserted=[Insertion(3, f"{unit}with scope() as s:"), Insertion(3, f"{unit}# ö", moves=True)],
    )
    try:
        strings = string_rows(content)
    except ParserSyntaxError:  # libcst does not follow Python where a block begins with a form feed
        reject()
    moved = text.encode(compose(text, [edits], strings))

    before, after = ast.parse(content), ast.parse(moved)
    function, changed = before.body[-2], after.body[-2]
    assert isinstance(function, ast.FunctionDef)
    assert isinstance(changed, ast.FunctionDef)
    (block_now,) = changed.body
    assert isinstance(block_now, ast.With)
    assert [ast.dump(statement) for statement in block_now.body] == [ast.dump(statement) for statement in function.body]

    old, new = list(text.lines), list(read_text(moved).lines)
    assert new[:2] == old[:2]
    assert [line.rstrip("\r\n") for line in new[2:4]] == [f"{unit}with scope() as s:", f"{unit}{unit}# ö"]
    assert new[-1] == old[-1]
    for one, two in zip(old[2:], new[4:], strict=True):
        assert one == two or any(one[:place] + unit + one[place:] == two for place in range(len(one)))

    back = LineEdits(deleted={3, 4}, shifts=[Shift(5, len(rows) + 1, unit + unit, unit, outdent=True)])
    again = read_text(moved)
    assert again.encode(compose(again, [back], frozenset(row + 2 for row in strings))) == content


# -- edits of several sites ---------------------------------------------------------------------------------------


@given(st.data(), st.lists(st.sampled_from(ENDINGS), min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_what_is_not_edited_stays(data: st.DataObject, endings: list[str]) -> None:
    inner = st.text(st.sampled_from("ab \tä" + SEPARATORS), max_size=8)
    rows = data.draw(st.lists(inner, min_size=1, max_size=12))
    source = "".join(f"{row}{endings[number % len(endings)]}" for number, row in enumerate(rows))
    if data.draw(st.booleans()):
        source = source.rstrip("\r\n")
    text = read_text(source.encode())
    count = len(text.lines)
    deleted = data.draw(st.sets(st.integers(1, count))) if count else set()
    inserted = data.draw(st.lists(st.tuples(st.integers(1, count + 1), st.booleans()), max_size=4))
    kept = [row for row in range(1, count + 1) if row not in deleted]
    long = [row for row in kept if text.lines[row - 1].rstrip("\r\n")]
    replaced = data.draw(st.sets(st.sampled_from(long), max_size=3)) if long else set()
    sites = [
        LineEdits(deleted=deleted),
        LineEdits(replaced=[Replacement(row, 1, row, 2, "NEW") for row in replaced]),
        LineEdits(inserted=[Insertion(row, f"+{number}", behind=behind) for number, (row, behind) in enumerate(inserted)]),
    ]
    lines = compose(text, sites, frozenset())
    assert lines_of("".join(lines)) == [line for line in lines if line]  # an empty last line may have lost its ending
    body = [line for line in lines if not line.startswith("+")]
    expected = ["NEW" + text.lines[row - 1][1:] if row in replaced else text.lines[row - 1] for row in kept]
    assert [line.rstrip("\r\n") for line in body] == [line.rstrip("\r\n") for line in expected]
    others = [(a, b) for a, b in zip(body[:-1], expected, strict=False) if a != b and b.endswith(("\r", "\n"))]
    assert set(others) <= {("\r", "\n")}  # an empty line that CR and LF would have swallowed
    assert sorted(line.rstrip("\r\n") for line in lines if line.startswith("+")) == sorted(f"+{n}" for n in range(len(inserted)))
    if lines and count:
        assert lines[-1].endswith(("\r", "\n")) == source.endswith(("\r", "\n"))


def test_replacements_in_one_row_and_over_several() -> None:
    text = read_text("f(ä, b,\r\n  c); g(d)\r\nlast".encode())
    first = LineEdits(replaced=[Replacement(1, 3, 2, 4, "x")])
    second = LineEdits(replaced=[Replacement(2, 9, 2, 10, "y\nz"), Replacement(1, 1, 1, 2, "h")])
    assert not first.clashes(second)
    assert compose(text, [first, second], frozenset()) == ["h(x); g(y\r\n", "z)\r\n", "last"]
