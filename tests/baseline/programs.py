"""Findings of texts without an analysis: each `acquire()` is one of SES101, each `.orders` one of SES301."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sessionlint.baseline import Baseline, Compared, Entry, Examined, compare
from sessionlint.check import Checked, Finding, RelatedLocation, fingerprinted
from sessionlint.check.identity import Text
from sessionlint.source import Location, Range

FILE = "app.py"
_FOUND = re.compile(r"(?P<SES101>acquire\(\))|\.(?P<SES301>orders)")
_EVIDENCE = {"SES101": "acquire", "SES301": "User.orders"}


def checked(texts: Mapping[str, str]) -> Checked:
    """The findings of some files, with fingerprints. The query of a reading is the first `query(…)` of its file."""
    found = [finding for name, text in texts.items() for finding in _in_file(name, text)]
    judged = frozenset({"SES101", "SES301"})
    return fingerprinted(Checked(tuple(found), (), judged), contents(texts))


def contents(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in texts.items()}


def _in_file(name: str, text: str) -> Iterable[Finding]:
    lines = Text(name, text.encode())
    query = next(_places(name, text, re.compile(r"query\([^()\n]*\)")), None)
    for code, at in _findings(name, text):
        related = (RelatedLocation("query", "queried here", query),) if query is not None and code == "SES301" else ()
        qualname = lines.qualname_of(lines.index_at(at.range))
        yield Finding(code, "name", "message", at, related, qualname=qualname, evidence=_EVIDENCE[code])


def _findings(name: str, text: str) -> Iterable[tuple[str, Location]]:
    return [(code, at) for code in _EVIDENCE for at in _places(name, text, _FOUND, code)]


def _places(name: str, text: str, pattern: re.Pattern[str], group: str = "") -> Iterator[Location]:
    for row, line in enumerate(text.splitlines(), 1):
        for found in pattern.finditer(line):
            if not group or found[group]:
                yield Location(name, Range(row, found.start() + 1, row, found.end() + 1))


def baseline(texts: Mapping[str, str]) -> Baseline:
    """A baseline of all that is found."""
    empty = Baseline(Path("/project/baseline.json"), "baseline.json")
    new = compare(empty, checked(texts), examined(texts), contents(texts)).new
    return Baseline(empty.path, empty.name, tuple(Entry(one.identity, one.finding.fingerprint) for one in new))


def examined(texts: Mapping[str, str]) -> Examined:
    codes = frozenset({"SES101", "SES301"})
    return Examined(codes, frozenset(texts), frozenset(), frozenset(), lambda name: name not in texts, lambda name, code: False)


def compared(before: Mapping[str, str], after: Mapping[str, str]) -> Compared:
    """What is new and what stale after an edit, by a baseline from before it."""
    return compare(baseline(before), checked(after), examined(after), contents(after))


def changes(before: str, after: str) -> tuple[list[int], int]:
    """The rows of the new findings, and the number of stale entries, after an edit to one file."""
    result = compared({FILE: before}, {FILE: after})
    return [one.finding.at.range.row for one in result.new], len(result.stale)
