"""Entries of files in which something was too large to be walked: what is not written any more is gone all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessionlint.baseline import compare
from tests.baseline.programs import FILE, baseline, checked, contents, examined

BEFORE = """\
def show(user):
    first = 1
    print(user.orders)
    last = 2


def other(user):
    print(user.orders)
"""
MENDED = BEFORE.replace("print(user.orders)", "print(user.number)", 1)
MOVED = MENDED.replace("    last = 2\n", "    last = 2\n    done = 3\n    print(user.orders)\n")
RENAMED = BEFORE.replace("show", "shown")


def stale_and_kept(after: str, *, seen: str) -> tuple[list[str], list[str], int]:
    """The functions of stale entries, those of entries that cannot be judged, and the number of new findings; `seen` is what the walk
    came to."""
    found = checked({FILE: seen})
    compared = compare(baseline({FILE: BEFORE}), found, replace(examined({FILE: after}), unseen=frozenset({FILE})), contents({FILE: after}))
    return [e.identity.function for e in compared.stale], [e.identity.function for e in compared.unexamined], len(compared.new)


@pytest.mark.parametrize(
    ("after", "seen", "expected"),
    [
        (MENDED, MENDED, (["show"], [], 0)),
        (MOVED, MOVED, (["show"], [], 1)),
        (RENAMED, RENAMED, (["show"], [], 1)),
        (BEFORE, MENDED, ([], ["show"], 0)),
        (BEFORE.replace("user", "person"), "", (["show", "other"], [], 0)),
    ],
    ids=["mended", "mended and written elsewhere", "renamed", "not come to", "another name"],
)
def test_what_is_not_written_any_more_is_stale(after: str, seen: str, expected: tuple[list[str], list[str], int]) -> None:
    assert stale_and_kept(after, seen=seen) == expected


def test_nothing_is_said_where_the_file_does_not_parse() -> None:
    broken = replace(examined({FILE: MENDED}), broken=frozenset({FILE}))
    compared = compare(baseline({FILE: BEFORE}), checked({FILE: ""}), broken, contents({FILE: MENDED}))
    assert (len(compared.stale), len(compared.unexamined)) == (0, 2)
