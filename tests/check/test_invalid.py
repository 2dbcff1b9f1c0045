"""Which comments are called invalid although they can be read."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sessionlint.check import check
from sessionlint.config import LintSettings, Settings
from sessionlint.facts import Suppression
from sessionlint.link import link
from sessionlint.solve import Events
from sessionlint.source import Range, SourceFile
from tests.check.programs import ROOT, facts


def comment(kind: str, codes: str, row: int, column: int = 1, last: int = 99, reason: str = "") -> Suppression:
    return Suppression(kind, tuple(codes.split()), reason, Range(row, column, row, column + 20), row, last)


def said(*comments: Suppression, require_reason: bool = False) -> list[tuple[int, str, str]]:
    settings = Settings(root=ROOT, lint=LintSettings(select=("SES003",), require_reason=require_reason))
    program = link({"app.py": (SourceFile(ROOT / "app.py", "app.py", "app", True), facts(*comments))}, settings)
    return [(finding.at.range.row, finding.message, finding.help) for finding in check(program, Events(()), settings)]


def in_vain(codes: str) -> str:
    return f"`enable[{codes}]` ends nothing: no `disable` stands before it in this block"


@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        ([comment("disable", "SES301", 1), comment("enable", "SES301", 2)], []),
        ([comment("disable", "SES3", 1), comment("enable", "SES301", 2)], []),
        ([comment("disable", "SES301 SES302", 1), comment("enable", "SES3", 2)], []),
        ([comment("disable", "DETACHED-LAZY-LOAD", 1), comment("enable", "SES301", 2)], []),
        (
            [comment("disable", "SES3", 1), comment("enable", "SES301", 2), comment("enable", "SES301", 3), comment("enable", "SES302", 4)],
            [(3, in_vain("SES301"))],
        ),
        ([comment("enable", "SES301", 1)], [(1, in_vain("SES301"))]),
        ([comment("enable", "SES301", 1), comment("disable", "SES301", 2)], [(1, in_vain("SES301"))]),
        ([comment("disable", "SES302", 1), comment("enable", "SES301 SES302", 2)], [(2, in_vain("SES301"))]),
        ([comment("disable", "SES301", 1), comment("enable", "SES301", 2, column=5)], [(2, in_vain("SES301"))]),
        ([comment("disable", "SES301", 1, last=4), comment("enable", "SES301", 5)], [(5, in_vain("SES301"))]),
        ([comment("disable", "SESSION-LEAK", 1), comment("enable", "DETACHED-LAZY-LOAD", 2)], [(2, in_vain("detached-lazy-load"))]),
    ],
)
def test_an_enable_that_ends_nothing(comments: list[Suppression], expected: list[tuple[int, str]]) -> None:
    assert [(row, message) for row, message, _ in said(*comments)] == expected
    assert [(row, message) for row, message, _ in said(*reversed(comments))] == expected


@pytest.mark.parametrize(
    ("one", "help"),
    [
        (comment("ignore", "SES301 SESSION-LEAK", 1), "Say why: `ignore[SES301, session-leak] -- reason` (`require-reason` is set)."),
        (comment("file-ignore", "SES3", 1), "Say why: `file-ignore[SES3] -- reason` (`require-reason` is set)."),
        (comment("disable", "SES301", 1), "Say why: `disable[SES301] -- reason` (`require-reason` is set)."),
        (comment("noqa", "E501 SES301", 1), "Say why: `noqa: E501, SES301 reason` (`require-reason` is set)."),
        (comment("noqa", "", 1), ""),
        (comment("noqa", "E501", 1), ""),
    ],
)
def test_a_reason_where_one_is_required(one: Suppression, help: str) -> None:
    assert said(one) == []
    assert said(one, require_reason=True) == ([(1, "suppression without a reason", help)] if help else [])
    assert said(replace(one, reason="it is old"), require_reason=True) == []


def test_the_end_of_a_range_needs_no_reason() -> None:
    assert said(comment("disable", "SES301", 1, reason="it is old"), comment("enable", "SES301", 2), require_reason=True) == []
