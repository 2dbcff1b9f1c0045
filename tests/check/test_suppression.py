"""Which comments silence which findings."""

from __future__ import annotations

import msgspec
import pytest

from sessionlint.facts import Suppression
from sessionlint.source import Range
from tests.check.programs import facts, found, query_get


def comment(kind: str, codes: str, row: int, first: int = 0, last: int = 0) -> Suppression:
    last = last or (99 if kind in {"disable", "enable"} else row)
    return Suppression(kind, tuple(codes.split()), "", Range(row, 30, row, 50), first or row, last)


def deeper(found: Suppression) -> Suppression:
    """The comment in a block inside."""
    return msgspec.structs.replace(found, at=Range(found.at.row, 34, found.at.row, 54))


def rows(*comments: Suppression) -> list[int]:
    """The rows of the findings of rows 1 to 5 that are left; of the comments' own is said elsewhere."""
    findings = found(*map(query_get, range(1, 6)), files={"app.py": facts(*comments)})
    return [finding.at.range.row for finding in findings if finding.code == "SES406"]


@pytest.mark.parametrize(
    ("comments", "left"),
    [
        ([comment("noqa", "", 2)], [1, 3, 4, 5]),
        ([comment("noqa", "SES406", 2)], [1, 3, 4, 5]),
        ([comment("noqa", "F401 SES406", 2)], [1, 3, 4, 5]),
        ([comment("noqa", "SES4", 2)], [1, 3, 4, 5]),
        ([comment("noqa", "S", 2)], [1, 2, 3, 4, 5]),
        ([comment("noqa", "SES301", 2)], [1, 2, 3, 4, 5]),
        ([comment("ignore", "SES406", 4, first=2, last=4)], [1, 5]),
        ([comment("ignore", "LEGACY-QUERY-GET", 3)], [1, 2, 4, 5]),
        ([comment("ignore", "", 3)], [1, 2, 3, 4, 5]),
        ([comment("malformed", "SES406", 3)], [1, 2, 3, 4, 5]),
        ([comment("file-ignore", "SES406", 1, first=1, last=99)], []),
        ([comment("file-ignore", "SES301", 1, first=1, last=99)], [1, 2, 3, 4, 5]),
        ([comment("disable", "SES406", 3)], [1, 2]),
        ([comment("disable", "SES406", 2), comment("enable", "SES406", 4)], [1, 4, 5]),
        ([comment("disable", "SES406", 2), comment("enable", "SES301", 4)], [1]),
        (
            [
                comment("enable", "SES406", 1),
                comment("disable", "SES4", 2),
                comment("enable", "SES406", 3),
                comment("disable", "SES406", 5),
            ],
            [1, 3, 4],
        ),
        ([comment("disable", "SES406", 2, last=4)], [1, 5]),
        ([comment("disable", "SES406", 2, last=4), comment("disable", "SES406", 5)], [1]),
        ([comment("disable", "SES406", 2), deeper(comment("enable", "SES406", 4))], [1]),
        ([comment("disable", "SES406", 1), deeper(comment("disable", "SES406", 2, last=4)), deeper(comment("enable", "SES406", 3))], []),
        (
            [deeper(comment("disable", "SES406", 2, last=4)), deeper(comment("enable", "SES406", 4)), comment("enable", "SES406", 1)],
            [1, 4, 5],
        ),
    ],
    ids=lambda value: "-".join(f"{item.kind}-{'.'.join(item.codes)}" if isinstance(item, Suppression) else str(item) for item in value),
)
def test_suppressions(comments: list[Suppression], left: list[int]) -> None:
    assert rows(*comments) == left
    assert rows(*reversed(comments)) == left
