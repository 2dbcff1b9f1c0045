"""The `full` format, as it looks."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from rich.cells import cell_len

from sessionlint.check import NO_CODEMOD, Finding, FixRefused, RelatedLocation
from tests.report.runs import READ, STORY, at, made, told

EXPECTED = """\
views.py:5:48: SES301 `Order.lines` is read on a detached `Order` that never loaded it
  |
3 |     if order is None:
4 |         return "none"
5 |     return render([line.text for line in order.lines])
  |                                                ^^^^^
  |
  1. repo.py:6:16: `Order` is queried here
     6 | return session.get(Order, number)
  2. repo.py:5:10: the session is closed
     5 | with SessionLocal() as session:
  3. views.py:5:48: reads `Order.lines`
     5 | return render([line.text for line in order.lines])
help: add `selectinload(Order.lines)` to the query at repo.py:6

Found 1 error.
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


def simple(location: object, message: str = "said") -> Finding:
    return Finding("SES101", "direct-session-acquisition", message, location)  # type: ignore[arg-type]


def lines(text: str) -> list[str]:
    return text.splitlines()


def test_a_story(root: Path) -> None:
    assert told(made(root, STORY), "full") == EXPECTED


def test_nothing_found(root: Path) -> None:
    assert told(made(root), "full") == "All checks passed!\n"
    assert told(made(root), "full", summary=False) == ""


def test_colour_changes_nothing_but_colour(root: Path) -> None:
    import re

    coloured = told(made(root, STORY), "full", color="always")
    assert coloured.count("\x1b[") > 20
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == EXPECTED


@pytest.mark.parametrize(("variable", "is_colored"), [("NO_COLOR", False), ("FORCE_COLOR", True)])
def test_the_environment_decides_on_colour(root: Path, monkeypatch: pytest.MonkeyPatch, variable: str, is_colored: bool) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv(variable, "1")
    assert ("\x1b[" in told(made(root, STORY), "full")) is is_colored


@pytest.mark.parametrize("width", [80, 200])
def test_source_is_cut_to_the_width_and_places_are_not(root: Path, width: int) -> None:
    long = "x = " + "value + " * 60 + "order.lines\n"
    column = long.index("lines") + 1
    finding = simple(at("a_module_with_quite_a_long_name.py", 1, column, column + 5), "a message that is long as well " * 4)
    text = told(made(root, finding, a_module_with_quite_a_long_name=long), "full", width=width)
    header = lines(text)[0]
    source, carets = next(pair for pair in itertools.pairwise(lines(text)) if "^" in pair[1])
    assert header.startswith(f"a_module_with_quite_a_long_name.py:1:{column}: SES101 a message")
    assert cell_len(source) <= width
    assert source[carets.index("^") : carets.rindex("^") + 1] == "lines"
    assert source.startswith("1 | …")


def test_words_are_wrapped_and_paths_are_not(root: Path) -> None:
    text = told(made(root, STORY), "full", width=60)
    assert lines(text)[:2] == [
        "views.py:5:48: SES301 `Order.lines` is read on a detached",
        "  `Order` that never loaded it",
    ]
    assert lines(text)[-4:-2] == ["help: add `selectinload(Order.lines)` to the query at", "      repo.py:6"]
    assert max(map(len, lines(text))) <= 60
    folder = Finding("SES101", "n", "said", at(f"{'long' * 30}.py", 1, 1, 5))
    assert lines(told(made(root, folder), "full", width=60))[0] == f"{'long' * 30}.py:1:1: SES101 said"


def test_the_place_of_the_help_is_shown_like_all_places(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Finding("SES301", "n", "said", READ, help="add it to the query", help_at=at("repo.py", 6, 16, 42))
    assert "help: add it to the query at repo.py:6\n" in told(made(root, finding), "full")
    elsewhere = root / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert f"help: add it to the query at {root / 'repo.py'}:6\n" in told(made(root, finding), "full")


def test_carets_stand_below_what_is_meant(root: Path) -> None:
    text = "def f():\n\treturn '日本', order.lines\n"
    column = text.splitlines()[1].index("lines") + 1
    _, _, _, source, carets, *_ = lines(told(made(root, simple(at("t.py", 2, column, column + 5)), t=text), "full"))
    assert source == "2 |     return '日本', order.lines"
    assert cell_len(source[: source.index("lines")]) == carets.index("^")
    assert carets.count("^") == 5


def test_of_several_rows_the_first_is_marked_to_its_end(root: Path) -> None:
    text = "call(\n    one,\n)\n"
    _, _, source, carets, *_ = lines(told(made(root, simple(at("t.py", 1, 1, 2, end_row=3)), t=text), "full"))
    assert (source, carets) == ("1 | call(", "  | ^^^^^")


@pytest.mark.parametrize("content", [b"", b"\n\n", None])
def test_without_source_there_is_no_excerpt(root: Path, content: bytes | None) -> None:
    sources = {} if content is None else {"t": content}
    assert told(made(root, simple(at("t.py", 1, 1, 1)), **sources), "full") == "t.py:1:1: SES101 said\n\nFound 1 error.\n"


def test_files_in_other_encodings(root: Path) -> None:
    latin = "# -*- coding: latin-1 -*-\nname = 'Grüße'\n".encode("latin-1")
    broken = b"name = '\xff\xfe'\n"
    findings = simple(at("latin.py", 2, 1, 5)), simple(at("broken.py", 1, 1, 5))
    text = told(made(root, *findings, latin=latin, broken=broken), "full")
    assert "2 | name = 'Grüße'\n" in text
    assert "1 | name = '\ufffd\ufffd'\n" in text


def test_scanned_text_cannot_command_the_terminal(root: Path) -> None:
    text = "name = '\x1b[31m\x07\x9b2J'  # \u202eevil\n"
    story = (RelatedLocation("query", "in `\x1b]0;title\x07`", at("t.py", 1, 1, 5)), RelatedLocation("read", "reads", READ))
    finding = Finding("SES101", "n", "`\x1b[2J`\nsecond line", at("t.py", 1, 8, 20), story, help="\x9b1m")
    shown = told(made(root, finding, t=text), "full")
    assert not [character for character in shown if character != "\n" and (ord(character) < 32 or 0x7F <= ord(character) < 0xA0)]
    assert "\u202e" not in shown
    assert "1 | name = '\\x1b[31m\\x07\\x9b2J'  # \\u202eevil" in shown
    assert lines(shown)[0] == "t.py:1:8: SES101 `\\x1b[2J`\\x0asecond line"


def test_a_step_at_the_findings_own_place_is_no_story(root: Path) -> None:
    finding = Finding("SES406", "n", "said", READ, (RelatedLocation("read", "reads", READ),), help="do")
    assert "1. " not in told(made(root, finding), "full")


def test_a_refused_fix_says_why_where_that_is_news(root: Path) -> None:
    def shown(code: str, message: str, help: str = "do it") -> str:
        return told(made(root, Finding("SES101", "n", "said", READ, help=help, fix_refused=FixRefused(code, message))), "full")

    assert "help: do it\nno fix: another caller shares the query\n" in shown("shared", "another caller shares the query")
    assert "no fix" not in shown(NO_CODEMOD, "it takes a person")
    assert "no fix: see `sessionlint migrate`\n" in shown("migrate-only", "see `sessionlint migrate`")
    assert "no fix" not in shown("migrate-only", "see `sessionlint migrate`", help="`sessionlint migrate` does it")


def test_an_option_is_told_once_in_the_help(root: Path) -> None:
    assert told(made(root, STORY), "full").count("selectinload") == 1
