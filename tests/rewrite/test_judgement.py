"""The judges of codemod cases find what they are there to find."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.rewrite import judgement
from tests.rewrite.case_format import Case
from tests.rewrite.judgement import Reported

CASE = Case(Path(), "an example")
BEFORE = {"a.py": b"import os\n\n\ndef f():\n    return 1  # one\n\n\ndef g():\n    return 2\n"}
AFTER = {"a.py": b"import os\nimport re\n\n\ndef f():\n    return 3\n\n\ndef g():\n    return 2\n"}
RAN = {"outcome": "ok", "checkedout": 0, "stdout": "x", "tables": {}, "error": None}


def test_behaviour() -> None:
    assert list(judgement.behaviour(CASE, RAN, RAN)) == []
    assert list(judgement.behaviour(CASE, RAN, RAN | {"tables": {"t": ["(1,)"]}})) == ["tables: {} became {'t': ['(1,)']} (None)"]
    repaired = replace(CASE, fixes=True, stdout_after="y")
    assert list(judgement.behaviour(repaired, RAN, RAN | {"stdout": "y"})) == []
    assert list(judgement.behaviour(repaired, RAN, RAN)) == ["stdout: 'y' became 'x' (None)"]


def test_findings() -> None:
    case = replace(CASE, removes=["SES101"], keeps=["SES101 a.py::g"], reported=["SES105 a.py"])
    f, g, other = Reported("SES101", "a.py", "f"), Reported("SES101", "a.py", "g.inner"), Reported("SES105", "a.py", "")
    assert list(judgement.removed(case, [f, g], [g, other])) == []
    assert list(judgement.removed(case, [other], [f])) == [
        "SES101 was not reported before",
        "SES101 is still reported at a.py::f",
        "SES105 is no longer reported at a.py",
    ]


def test_explanations() -> None:
    case = replace(CASE, explains=["a.py::f", "a.py::g"])
    assert list(judgement.explained(case, BEFORE, AFTER, "a.py:9 g: left: as a.py:4 is")) == []
    assert (
        list(judgement.explained(replace(case, command="check"), BEFORE, BEFORE, "project/a.py:4:1: SES101\nproject/a.py:8:1: SES101"))
        == []
    )
    assert list(judgement.explained(case, BEFORE, BEFORE, "a.py:8 g: left")) == ["a.py::f was left without a word"]
    assert list(judgement.explained(replace(CASE, explains=["a.py::f"]), BEFORE, AFTER, "a.py:9 g: left")) == ["a.py::g was left"]


def test_what_may_change() -> None:
    assert list(judgement.preserved(replace(CASE, touches=["a.py::f"], untouched=["a.py::g"]), BEFORE, AFTER)) == []
    assert list(judgement.preserved(replace(CASE, preserve=["# one"], untouched=["a.py::f"]), BEFORE, AFTER)) == [
        "lost '# one'",
        "a.py::f was to stay as it was",
    ]
    assert list(judgement.preserved(replace(CASE, touches=["a.py::g"]), BEFORE, AFTER)) == [
        "a.py: - b'    return 1  # one'",
        "a.py: + b'    return 3'",
    ]
    old, new = ({"a.html": text} for text in (b"1", b"2"))
    assert list(judgement.preserved(replace(CASE, touches=["a.py"]), old, new)) == ["a.html: changed"]
    assert list(judgement.preserved(replace(CASE, touches=["*"]), old, new)) == []
    windows = {"a.py": BEFORE["a.py"].replace(b"\n", b"\r\n")}
    assert list(judgement.preserved(CASE, BEFORE, windows)) == ["a.py: other line endings"]


def test_shape() -> None:
    case = replace(CASE, must_contain={"a.py::f": ["^    return 1"]}, must_not_contain={"*": ["^import re$"]})
    assert list(judgement.shape(case, BEFORE)) == []
    assert list(judgement.shape(case, AFTER)) == ["a.py::f lacks '^    return 1'", "* has '^import re$'"]
