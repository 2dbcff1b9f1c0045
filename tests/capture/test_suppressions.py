"""Which comments silence what, on which rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sessionlint.facts import FileFacts, Suppression
from sessionlint.source import Range

Facts = Callable[[str | bytes], FileFacts]


def _found(facts: Facts, source: str) -> list[Suppression]:
    return list(facts(source).suppressions)


COMMENTS = {
    "blanket": ("# noqa", [("noqa", (), "")]),
    "no blank, upper case": ("#NOQA", [("noqa", (), "")]),
    "codes": ("# noqa: SES101, E501", [("noqa", ("SES101", "E501"), "")]),
    "codes by blanks": ("# noqa:ses101 e501", [("noqa", ("SES101", "E501"), "")]),
    "text after": ("# noqa: SES101, E501 it is old", [("noqa", ("SES101", "E501"), "it is old")]),
    "reason": ("# noqa: SES101 -- it is old", [("noqa", ("SES101",), "it is old")]),
    "text only": ("# noqa: because", [("noqa", (), "because")]),
    "after other text": ("# see below  # noqa: SES101  # type: ignore", [("noqa", ("SES101",), "")]),
    "no word": ("# noqality, noqa", []),
    "mentioned": ("# use noqa or sessionlint", []),
    "ours": ("# sessionlint: ignore[SES101, ses102] -- it is old", [("ignore", ("SES101", "SES102"), "it is old")]),
    "tight": ("#sessionlint:ignore[SES101]", [("ignore", ("SES101",), "")]),
    "several in one": ("# noqa:E501W291,SES101", [("noqa", ("E501", "W291", "SES101"), "")]),
    "text right behind": ("# noqa: SES101and more", [("noqa", ("SES101",), "and more")]),
    "blank in front of the colon": ("# noqa : SES101", [("noqa", (), "SES101")]),
    "a number in the reason": ("# noqa: SES101 -- see #12", [("noqa", ("SES101",), "see #12")]),
    "a number in our reason": ("# sessionlint: ignore[SES101] -- see #12 # type: ignore", [("ignore", ("SES101",), "see #12")]),
    "disable beside code": ("# sessionlint: disable[SES301]", [("malformed", (), "disable[SES301]")]),
    "enable beside code": ("# sessionlint: enable[SES301]", [("malformed", (), "enable[SES301]")]),
    "file": ("# sessionlint: file-ignore[SES301] -- generated", [("file-ignore", ("SES301",), "generated")]),
    "both": ("# noqa: E501 # sessionlint: ignore[SES101]", [("noqa", ("E501",), ""), ("ignore", ("SES101",), "")]),
    "no codes": ("# sessionlint: ignore", [("malformed", (), "ignore")]),
    "empty codes": ("# sessionlint: ignore[]", [("malformed", (), "ignore[]")]),
    "unknown word": ("# sessionlint: ignor[SES101]", [("malformed", (), "ignor[SES101]")]),
    "reason without dashes": ("# sessionlint: ignore[SES101] it is old", [("malformed", (), "ignore[SES101] it is old")]),
    "unclosed": ("# sessionlint: ignore[SES101", [("malformed", (), "ignore[SES101")]),
}


@pytest.mark.parametrize(("comment", "expected"), [pytest.param(*case, id=name) for name, case in COMMENTS.items()])
def test_comment(facts: Facts, comment: str, expected: list[tuple[str, tuple[str, ...], str]]) -> None:
    found = _found(facts, f"a\nb = 1  {comment}\n")
    assert [(item.kind, item.codes, item.reason) for item in found] == expected
    assert all(item.at.row == 2 for item in found)


def test_place_is_that_of_the_part(facts: Facts) -> None:
    (found,) = _found(facts, "é = 1  # text  # noqa: SES101 old\n")
    assert found.at == Range(1, 16, 1, 34)
    (found,) = _found(facts, "x = 1  # sessionlint: ignore[SES101] -- old  \n")
    assert found.at == Range(1, 8, 1, 44)


@pytest.mark.parametrize("comment", ["# flake8: noqa: SES101", "# ruff: noqa: SES101", "# flake8=noqa: SES101"])
def test_noqa_for_the_file(facts: Facts, comment: str) -> None:
    (found,) = _found(facts, f"a\n{comment}\nb\n")
    assert (found.kind, found.codes, found.first_row, found.last_row) == ("noqa", ("SES101",), 1, 4)


ROWS = {
    "simple": ("a\nb  # MARK\nc\n", (2, 2)),
    "first row of several": ("a = (  # MARK\n    1,\n)\nb\n", (1, 3)),
    "last row of several": ("a = (\n    1,\n)  # MARK\nb\n", (1, 3)),
    "alone between": ("a = (\n    # MARK\n    1,\n)\n", (1, 4)),
    "after a long string": ("a = '''\n# no\n'''  # MARK\n", (1, 3)),
    "after a docstring": ("def f():\n    '''a\n    b'''  # MARK\n    c\n", (2, 3)),
    "header": ("def f(\n    a,\n):  # MARK\n    b\n", (1, 3)),
    "first row of a header": ("if (a and  # MARK\n    b):\n    c\n", (1, 2)),
    "body after the colon": ("if (a and\n    b): c = [\n    1]  # MARK\n", (2, 3)),
    "decorator": ("@a(\n    1)  # MARK\ndef f(): pass\n", (1, 2)),
    "handler": ("try:\n    a\nexcept (b,\n        c):  # MARK\n    d\n", (3, 4)),
    "else": ("if a:\n    b\nelse:  # MARK\n    c\n", (3, 3)),
    "case": ("match a:\n    case (1 |\n        2):  # MARK\n        b\n", (2, 3)),
}


@pytest.mark.parametrize("mark", ["noqa: SES101", "sessionlint: ignore[SES101]"])
@pytest.mark.parametrize(("source", "rows"), [pytest.param(*case, id=name) for name, case in ROWS.items()])
def test_rows(facts: Facts, mark: str, source: str, rows: tuple[int, int]) -> None:
    (found,) = _found(facts, source.replace("MARK", mark))
    assert (found.first_row, found.last_row) == rows


ALONE = {
    "above a statement": ("a\n# MARK\n\n# text\nb = [\n    1]\n", (5, 6)),
    "above a header": ("# MARK\nwith a as b, \\\n    c:\n    d\n", (2, 3)),
    "above decorators": ("# MARK\n@a\n@b\ndef f(\n    c): pass\n", (2, 5)),
    "in a block": ("if a:\n    b\n    # MARK\n    c\n", (4, 4)),
    "above a handler": ("try:\n    a\n# MARK\nexcept b:\n    c\n", (4, 4)),
    "above another comment of ours": ("# MARK\n# sessionlint\na = (\n    1)\n", (3, 4)),
    "above a body behind its colon": ("# MARK\nif a: b = [\n    1]\n", (2, 3)),
    "at the end": ("a\n# MARK\n", (2, 2)),
}


@pytest.mark.parametrize(("source", "rows"), [pytest.param(*case, id=name) for name, case in ALONE.items()])
def test_alone_above(facts: Facts, source: str, rows: tuple[int, int]) -> None:
    (ours,) = _found(facts, source.replace("MARK", "sessionlint: ignore[SES101]"))
    assert (ours.first_row, ours.last_row) == rows
    (noqa,) = _found(facts, source.replace("MARK", "noqa"))
    assert noqa.first_row == noqa.last_row == ours.at.row


BLOCKS = {
    "to the end of the module": ("# MARK\na\ndef f():\n    b\nc\n", (1, 6)),
    "of a function": ("def f():\n    a\n    # MARK\n    b\n    if c:\n        d\n\n\ne\n", (3, 8)),
    "of a branch": ("if a:\n    # MARK\n    b\nelse:\n    c\n", (2, 3)),
    "comments are no code": ("def f():\n    # MARK\n    a\n# text\n    b\nc\n", (2, 5)),
    "long statements": ('def f():\n    # MARK\n    a = [\n1,\n"""\n"""]\n    b\nc\n', (2, 7)),
    "tabs": ("def f():\n\t# MARK\n        a\nb\n", (2, 3)),
    "behind the last line": ("def f():\n    a\n    # MARK\nb\n", (3, 3)),
}


@pytest.mark.parametrize("kind", ["disable", "enable"])
@pytest.mark.parametrize(("source", "rows"), [pytest.param(*case, id=name) for name, case in BLOCKS.items()])
def test_a_range_ends_with_its_block(facts: Facts, kind: str, source: str, rows: tuple[int, int]) -> None:
    (found,) = _found(facts, source.replace("MARK", f"sessionlint: {kind}[SES301]"))
    assert (found.kind, found.first_row, found.last_row) == (kind, *rows)


@pytest.mark.parametrize(
    "source",
    [
        "a = '# noqa'\n",
        "a = '''\n# sessionlint: ignore[SES101]\n'''\n",
        "a = f'{b}# noqa'\n",
        "'''\n# noqa\n'''\n",
        "a = 'b' '# noqa'\n",
        "noqa = sessionlint\n",
    ],
)
def test_what_is_no_comment(facts: Facts, source: str) -> None:
    assert _found(facts, source) == []


def test_comment_after_a_string_with_a_mark(facts: Facts) -> None:
    (found,) = _found(facts, "a = '# noqa'  # noqa: SES101\n")
    assert found.codes == ("SES101",)


def test_the_same_in_files_of_other_line_ends(facts: Facts) -> None:
    (found,) = _found(facts, "a\r\nb = (  # noqa\r\n    1)\r\n")
    assert (found.first_row, found.last_row) == (2, 3)
