"""`concise` and `json`, how files are named, and formats that there are none of."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from sessionlint.check import Applicability, Edit, Finding, Fix
from sessionlint.report import formats, report
from sessionlint.source import SessionlintError
from tests.report.runs import STORY, at, made, told

FIELDS = {
    "cell", "code", "name", "message", "severity", "filename", "location", "end_location", "fix", "url", "noqa_row",
    "confidence", "fingerprint", "related_locations", "fix_refused", "suppressed", "baseline", "related", "function", "help",
}  # fmt: skip


NAMES = (
    "azure", "concise", "csv", "full", "github", "gitlab", "grouped", "html", "json", "json-lines", "junit", "markdown", "pylint", "rdjson",
    "report", "sarif",
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_formats_are_the_files() -> None:
    assert formats() == NAMES


@pytest.mark.parametrize(
    ("name", "hint"), [("jsn", "did you mean `json`?"), ("xyz", f"one of {', '.join(NAMES)}"), ("__init__", f"one of {', '.join(NAMES)}")]
)
def test_an_unknown_format_is_refused_with_the_nearest(root: Path, name: str, hint: str) -> None:
    out = io.StringIO()
    with pytest.raises(SessionlintError) as caught:
        report(made(root, STORY), name, out)
    assert str(caught.value) == f"unknown output format `{name}` ({hint})"
    assert out.getvalue() == ""


def test_concise(root: Path) -> None:
    other = Finding("SES406", "legacy-query-get", "`Query.get()` is legacy", at("repo.py", 6, 16, 42))
    assert told(made(root, other, STORY), "concise") == (
        "repo.py:6:16: SES406 `Query.get()` is legacy\n"
        "views.py:5:48: SES301 `Order.lines` is read on a detached `Order` that never loaded it\n"
        "Found 2 errors.\n"
    )
    assert told(made(root, other), "concise", summary=False) == "repo.py:6:16: SES406 `Query.get()` is legacy\n"
    assert told(made(root), "concise") == "All checks passed!\n"


def test_json_has_ruffs_fields_and_ours(root: Path) -> None:
    (row,) = json.loads(told(made(root, STORY), "json"))
    assert set(row) == FIELDS
    assert {key: row[key] for key in ("code", "name", "filename", "location", "end_location", "noqa_row", "severity", "confidence")} == {
        "code": "SES301",
        "name": "detached-lazy-load",
        "filename": "views.py",
        "location": {"row": 5, "column": 48},
        "end_location": {"row": 5, "column": 53},
        "noqa_row": 5,
        "severity": "error",
        "confidence": "high",
    }
    assert row["url"].endswith("/docs/rules/SES301.md")
    assert [row[key] for key in ("fix", "cell", "fix_refused", "suppressed", "baseline")] == [None] * 5
    assert row["related"] == row["related_locations"]
    assert row["related"][0] == {
        "role": "query",
        "message": "`Order` is queried here",
        "filename": "repo.py",
        "location": {"row": 6, "column": 16},
        "end_location": {"row": 6, "column": 42},
    }
    assert [step["role"] for step in row["related"]] == ["query", "option", "end", "read"]


def test_json_of_a_fix(root: Path) -> None:
    fix = Fix(Applicability.DISPLAY_ONLY, "Add", (Edit(at("repo.py", 6, 42, 42), ", x"),))
    finding = Finding("SES301", "n", "m", at("views.py", 5, 48, 53), fix=fix)
    (row,) = json.loads(told(made(root, finding), "json"))
    place = {"row": 6, "column": 42}
    edit = {"content": ", x", "filename": "repo.py", "location": place, "end_location": place}
    assert row["fix"] == {"applicability": "displayonly", "message": "Add", "edits": [edit]}


def test_json_of_nothing_is_an_empty_array(root: Path) -> None:
    assert told(made(root), "json") == "[]\n"


def test_json_is_ascii(root: Path) -> None:
    finding = Finding("SES301", "n", "\x1b\x9b\udc80 é", at("views.py", 5, 48, 53))
    text = told(made(root, finding), "json")
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text)[0]["message"] == r"\x1b\x9b\udc80 é"


def test_a_file_is_named_from_where_the_user_stands(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = made(root / "project", STORY)
    assert told(run, "concise").startswith("project/views.py:5:48: ")
    (root / "elsewhere").mkdir()
    monkeypatch.chdir(root / "elsewhere")
    (row,) = json.loads(told(run, "json"))
    assert row["filename"] == str(root / "project" / "views.py")
    assert row["related"][0]["filename"] == str(root / "project" / "repo.py")


def test_a_name_that_only_begins_with_dots_is_beneath(root: Path) -> None:
    assert told(made(root / "..hidden", STORY), "concise").startswith("..hidden/views.py:5:48: ")


def test_what_is_about_no_file_keeps_its_name(root: Path) -> None:
    finding = Finding("SES009", "internal-error", "rule SES301 failed: KeyError", at("<sessionlint>", 1, 1, 1))
    assert told(made(root, finding), "concise").startswith("<sessionlint>:1:1: SES009 rule SES301 failed: KeyError\n")
    assert json.loads(told(made(root, finding), "json"))[0]["filename"] == "<sessionlint>"


@pytest.mark.parametrize("format", ["full", "concise"])
def test_an_output_that_lacks_letters_gets_escapes(root: Path, format: str) -> None:
    finding = Finding("SES406", "n", "call `session.get(Model, …)`", at("views.py", 1, 1, 4))
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    report(made(root, finding), format, out)
    out.flush()
    assert b"call `session.get(Model, \\u2026)`" in raw.getvalue()
