"""Which comments are called unused: what a run could not know is not held against them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sessionlint.check import Finding, assess, check
from sessionlint.check.rules.ses002_unused_suppression import UnusedSuppression
from sessionlint.check.rules.ses406_legacy_query_get import LegacyQueryGet
from sessionlint.facts import FileError, FileFacts, Suppression
from sessionlint.link import FunctionId, Program
from sessionlint.solve import Events
from sessionlint.source import Range
from tests.check.programs import facts, found, places, program, query_get, settings


def comment(kind: str, codes: str, row: int, first: int = 0, last: int = 0) -> Suppression:
    last = last or (99 if kind in {"disable", "enable"} else row)
    return Suppression(kind, tuple(codes.split()), "", Range(row, 30, row, 50), first or row, last)


def said(*comments: Suppression, rows: tuple[int, ...] = (), **lint: object) -> list[tuple[int, str]]:
    """What SES002 says of comments in a file with a SES406 in each of `rows`."""
    findings = found(*map(query_get, rows), files={"app.py": facts(*comments)}, **lint)
    return [(finding.at.range.row, finding.message) for finding in findings if finding.code == "SES002"]


def unused(codes: str, where: str = "here") -> str:
    return f"unused suppression: there is no {codes} to silence {where}"


@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        ([comment("ignore", "SES406", 2)], []),
        ([comment("ignore", "SES406", 3)], [(3, unused("`SES406`"))]),
        ([comment("ignore", "SES406", 1, first=2, last=3)], []),
        ([comment("noqa", "E501 SES406 SES301", 2)], [(2, unused("`SES301`"))]),
        ([comment("ignore", "SES101 SES102 SES301", 2)], [(2, unused("`SES101`, `SES102` and `SES301`"))]),
        ([comment("ignore", "SESSION-LEAK", 2)], [(2, unused("`session-leak`"))]),
        ([comment("file-ignore", "SES301", 1, first=1, last=9)], [(1, unused("`SES301`", "in this file"))]),
        ([comment("file-ignore", "SES406", 1, first=1, last=9), comment("noqa", "SES406", 2)], []),
        ([comment("disable", "SES406", 3)], [(3, unused("`SES406`", "from here on"))]),
        ([comment("disable", "SES406", 1), comment("enable", "SES406", 2)], [(1, unused("`SES406`", "from here on"))]),
        ([comment("disable", "SES406", 1), comment("enable", "SES301", 2)], []),
        ([comment("enable", "SES406", 1)], []),
        ([comment("noqa", "", 3), comment("noqa", "E501", 4), comment("malformed", "", 5)], []),
        ([comment("ignore", "SES999", 3)], []),
        ([comment("ignore", "SES109", 3), comment("ignore", "SES004", 4), comment("ignore", "SES1", 5)], []),
        ([comment("ignore", "SES2", 3)], [(3, unused("`SES2`"))]),
        ([comment("ignore", "SES001 SES005 SES009 SES002", 3)], []),
        ([comment("ignore", "SES003", 3)], [(3, unused("`SES003`"))]),
    ],
    ids=lambda value: "-".join(f"{item.kind}-{'.'.join(item.codes)}" for item in value if isinstance(item, Suppression)) or None,
)
def test_of_a_file_with_one_finding_in_row_2(comments: list[Suppression], expected: list[tuple[int, str]]) -> None:
    assert said(*comments, rows=(2,)) == expected
    assert said(*reversed(comments), rows=(2,)) == expected


@pytest.mark.parametrize(
    ("comments", "is_reported"),
    [
        ([comment("noqa", "", 3)], True),
        ([comment("noqa", "", 1, first=1, last=9)], True),
        ([comment("ignore", "SES301", 3)], True),
        ([comment("noqa", "SES002", 3)], False),
        ([comment("ignore", "UNUSED-SUPPRESSION", 3)], False),
        ([comment("ignore", "SES0", 2, first=4, last=4)], False),
        ([comment("disable", "SES002", 1)], False),
    ],
)
def test_only_its_own_code_silences_it(comments: list[Suppression], is_reported: bool) -> None:
    assert any(row == 3 and "SES102" in message for row, message in said(comment("ignore", "SES102", 3), *comments)) is is_reported


def test_a_comment_may_silence_what_is_said_of_itself() -> None:
    assert said(comment("ignore", "SES406 SES002", 1, first=2, last=2)) == []


@pytest.mark.parametrize(
    ("lint", "rows"),
    [
        ({}, [2, 3]),
        ({"select": ("SES3",)}, []),
        ({"select": ("SES3", "SES002")}, [3]),
        ({"select": ("SES002",)}, []),
        ({"ignore": ("SES406",)}, [3]),
        ({"ignore": ("SES002",)}, []),
        ({"per_file_ignores": (("app.py", ("SES406",)),)}, [3]),
        ({"per_file_ignores": (("app.py", ("SES002",)),)}, []),
    ],
    ids=str,
)
def test_only_rules_that_run_are_judged(lint: dict[str, object], rows: list[int]) -> None:
    assert [row for row, _ in said(comment("ignore", "SES406", 2), comment("ignore", "SES301", 3), **lint)] == rows


def test_the_help_says_what_to_remove() -> None:
    files = {"app.py": facts(comment("ignore", "SES101", 1), comment("noqa", "E501 SES101", 2))}
    assert [finding.help for finding in found(files=files)] == ["Remove the comment.", "Remove `SES101`; the other codes stay."]


def test_a_rule_that_fails_may_have_had_something_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: LegacyQueryGet, program: Program, events: Events) -> Iterator[Finding]:
        raise ValueError("no")

    monkeypatch.setattr(LegacyQueryGet, "check", failing)
    assert said(comment("ignore", "SES406", 2), comment("ignore", "SES301", 3)) == [(3, unused("`SES301`"))]


def test_a_review_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: UnusedSuppression, program: Program, verdicts: object) -> Iterator[Finding]:
        raise ValueError("no")

    monkeypatch.setattr(UnusedSuppression, "review", failing)
    assert [finding.message for finding in found()] == ["rule SES002 failed: ValueError: no"]


@pytest.mark.parametrize("kind", ["syntax", "unreadable", "internal"])
def test_what_a_broken_file_hides_may_be_the_cause_elsewhere(kind: str) -> None:
    files: dict[str, FileFacts] = {"app.py": facts(comment("ignore", "SES301", 2))}
    assert places(found(files=files)) == [("app.py", 2, "SES002")]
    files["broken.py"] = facts(error=FileError(kind, "no", Range(1, 1, 1, 1)))
    assert [file for file, _, _ in places(found(files=files))] == ["broken.py"]


def test_what_the_analysis_did_not_see_is_not_judged() -> None:
    files = {name: facts(comment("ignore", "SES301", 2)) for name in ("app.py", "other.py")}
    cut = Events((), truncated=(FunctionId("app.py", 0),))
    assert places(check(program(files), cut, settings())) == [("other.py", 2, "SES002")]
    failed = Events((), failed=((FunctionId("app.py", 0), "no"),))
    assert [code for _, _, code in places(check(program(files), failed, settings()))] == ["SES009"]


def test_an_assessment_agrees_with_the_check() -> None:
    known = program({"app.py": facts(comment("ignore", "SES406", 2), comment("ignore", "SES301 SES002", 3), comment("noqa", "SES102", 4))})
    for lint in ({}, {"select": ("SES002", "SES1")}, {"ignore": ("SES002",)}):
        chosen = settings(**lint)
        assessed = assess(known, Events(()), chosen)
        assert tuple(each.finding for each in assessed if each.is_reported) == check(known, Events(()), chosen)
    silenced = [each.suppression.at.row for each in assess(known, Events(()), settings()) if each.suppression is not None]
    assert silenced == [3]
