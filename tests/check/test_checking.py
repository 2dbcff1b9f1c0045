"""What `check` does with what the rules say: order, repeats, files nobody asked for, failures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sessionlint.check import Finding
from sessionlint.check.checking import NOWHERE
from sessionlint.check.rules.ses406_legacy_query_get import LegacyQueryGet
from sessionlint.facts import FileError
from sessionlint.link import FunctionId, Program
from sessionlint.solve import Events, History, Step
from sessionlint.solve.events import QueryGet, SessionLeaked, StateRead
from sessionlint.source import Range, SessionlintError
from tests.check.programs import at, facts, found, places, query_get


def test_findings_are_sorted_by_place_and_code() -> None:
    read = StateRead(at(2, 5), FunctionId("app.py", 0), History(), "session", "st.session_state", "db")
    findings = found(
        query_get(9), query_get(2, 5), query_get(2, 1), read, query_get(1, file="zoo.py"), files={"app.py": facts(), "zoo.py": facts()}
    )
    assert [(finding.at.file, finding.at.range.row, finding.at.range.column, finding.code) for finding in findings] == [
        ("app.py", 2, 1, "SES406"),
        ("app.py", 2, 5, "SES203"),
        ("app.py", 2, 5, "SES406"),
        ("app.py", 9, 5, "SES406"),
        ("zoo.py", 1, 5, "SES406"),
    ]


def test_of_two_stories_of_one_place_the_shorter_is_told() -> None:
    steps = [Step("read", at(row), f"step {row}") for row in (1, 2, 3)]
    short = History().then(steps[0])
    long = short.then(steps[1]).then(steps[2])
    events = [QueryGet(at(3), FunctionId("app.py", 0), history, None) for history in (long, short)]
    for ordered in (events, events[::-1]):
        (finding,) = found(*ordered)
        assert [related.message for related in finding.related] == ["step 1"]


def test_a_file_that_nobody_asked_for_has_no_findings() -> None:
    files = {"app.py": facts(), "other.py": facts()}
    assert places(found(query_get(1), query_get(1, file="other.py"), files=files, unreported="other.py")) == [("app.py", 1, "SES406")]


@pytest.mark.parametrize(
    ("kind", "code", "message"),
    [
        ("syntax", "SES001", "file does not parse: unexpected `)`"),
        ("unreadable", "SES005", "file cannot be read: unexpected `)`"),
        ("internal", "SES009", "unexpected `)`"),
    ],
)
def test_a_file_without_facts_is_reported_and_the_rest_is_checked(kind: str, code: str, message: str) -> None:
    error = FileError(kind, "unexpected `)`", Range(4, 2, 4, 3))
    findings = found(query_get(1), files={"app.py": facts(), "broken.py": facts(error=error)})
    assert places(findings) == [("app.py", 1, "SES406"), ("broken.py", 4, code)]
    assert findings[1].message == message
    assert findings[1].at.range == Range(4, 2, 4, 3)


@pytest.mark.parametrize(
    ("error", "file", "row", "message"),
    [
        (ValueError("no such thing\nat all"), NOWHERE, 1, "rule SES406 failed: ValueError: no such thing"),
        (KeyError(), NOWHERE, 1, "rule SES406 failed: KeyError"),
        (SessionlintError("odd", file="app.py", row=7), "app.py", 7, "rule SES406 failed: SessionlintError: app.py:7: odd"),
    ],
)
def test_a_rule_that_fails_is_a_finding_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, error: Exception, file: str, row: int, message: str
) -> None:
    def failing(self: LegacyQueryGet, program: Program, events: Events) -> Iterator[Finding]:
        yield from original(self, program, events)
        raise error

    original = LegacyQueryGet.check
    monkeypatch.setattr(LegacyQueryGet, "check", failing)
    leak = SessionLeaked(at(5), FunctionId("app.py", 0), History(), "normal", None)
    findings = found(query_get(2), leak)
    assert {finding.code for finding in findings} == {"SES009", "SES102", "SES406"}
    (failure,) = [finding for finding in findings if finding.code == "SES009"]
    assert (failure.at.file, failure.at.range.row, failure.message, failure.name) == (file, row, message, "internal-error")


def test_two_failures_are_two_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    from sessionlint.check.rules.ses102_session_leak import SessionLeak

    def failing(self: object, program: Program, events: Events) -> Iterator[Finding]:
        raise ValueError("no")

    monkeypatch.setattr(LegacyQueryGet, "check", failing)
    monkeypatch.setattr(SessionLeak, "check", failing)
    assert [finding.message for finding in found()] == ["rule SES102 failed: ValueError: no", "rule SES406 failed: ValueError: no"]
