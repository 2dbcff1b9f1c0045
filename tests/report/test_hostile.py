"""Whatever a scanned file holds or is called: no format lets it command a terminal, a CI service, a browser or a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sessionlint.check import Applicability, Edit, Finding, Fix, FixRefused, RelatedLocation
from sessionlint.config import Settings
from sessionlint.report import formats
from sessionlint.source import Location, Range, SourceFile
from tests.report.runs import by_comment, run_of, told
from tests.report.strict import read

PAYLOADS = (
    "\x1b[2J", "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07", "\x9b31m", "\x00", "\r", "\n", "\r\n::error::x",
    "\u2028", "\u202e", "\u2066", "\ufeff", "\udcff", "\uffff", "\U000e0041", "::error file=a.py,line=1::owned",
    " ::add-mask::secret", "::set-output name=x::y", "##[error]", "##[command]rm",
    "##vso[task.setvariable variable=x]y", "##teamcity[x]", "%0A::error::x", "%25", "%3A", ",title=x", ";code=x;]", "|",
    "\\|", "`", "``", "`a`", "<img src=x onerror=alert(1)>", "</details>", "<!--", "]]>", "&amp;", "&lt;", "@everyone",
    "#1", "GH-1", "[x](https://evil.example)", "](", "![x](y)", "https://evil.example", "www.evil.example",
    "a@b.example", ":smile:", "$x$", "~~x~~", "**x**", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "'", '"',
    '","', "{0}", "{{0}}", "{", "日本語", "e\u0301", "🏳️\u200d🌈", "\\", "\\x1b", " ",
)  # fmt: skip

ROLES = ("query", "end", "commit", "call", "return", "relationship", "option", "read")
hostile = st.lists(st.one_of(st.sampled_from(PAYLOADS), st.text(max_size=6)), max_size=5).map("".join)
names = hostile.map(lambda text: text.replace("/", "∕").replace("\0", "") or "x").filter(lambda name: name not in (".", ".."))
PHASES = [phase for phase in Phase if phase is not Phase.shrink]
"""Shrinking takes minutes and shows no more."""
said = hostile.map(lambda text: text or "said")
numbers = st.integers(1, 6)


@st.composite
def places(draw: st.DrawFn, files: list[str]) -> Location:
    row, column = draw(numbers), draw(numbers)
    return Location(draw(st.sampled_from(files)), Range(row, column, row + draw(st.integers(0, 2)), column + draw(numbers)))


@st.composite
def findings(draw: st.DrawFn, files: list[str]) -> Finding:
    related = draw(st.lists(st.builds(RelatedLocation, st.sampled_from(ROLES), said, places(files)), max_size=3))
    edits = (Edit(draw(places(files)), draw(hostile)),)
    fix = Fix(draw(st.sampled_from(Applicability)), draw(said), edits) if draw(st.booleans()) else None
    refused = FixRefused("refused", draw(said)) if fix is None and draw(st.booleans()) else None
    return Finding(
        draw(st.sampled_from(["SES101", "SES301", "SES001", "SES009"])),
        "name-of-rule",
        draw(said),
        draw(places(files)),
        tuple(related),
        help=draw(hostile),
        qualname=draw(hostile),
        evidence=draw(hostile),
        severity=draw(st.sampled_from(["error", "warning", "info"])),
        confidence=draw(st.sampled_from(["high", "medium", "low"])),
        fix=fix,
        fix_refused=refused,
        help_at=draw(st.none() | places(files)),
    )


@pytest.mark.parametrize("format", formats())
@settings(max_examples=30, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_of_a_scanned_file_is_taken_for_more_than_text(format: str, tmp_path: Path, data: st.DataObject) -> None:
    files = data.draw(st.lists(names, min_size=1, max_size=3, unique=True))
    content = data.draw(st.lists(hostile, max_size=4).map("\n".join)).encode("utf-8", "replace")
    sources = {name: SourceFile(tmp_path / name, name, "module") for name in files}
    found = tuple(data.draw(st.lists(findings(files), max_size=3)))
    silenced = tuple(by_comment(finding, data.draw(hostile)) for finding in data.draw(st.lists(findings(files), max_size=2)))
    known = tuple(data.draw(st.lists(findings(files), max_size=2)))
    baseline = data.draw(st.sampled_from(["", "baseline.json"])) or ("baseline.json" if known else "")
    run = run_of(
        Settings(root=tmp_path), sources, dict.fromkeys(files, content), found, suppressed=silenced, baselined=known, baseline=baseline
    )
    width = data.draw(st.sampled_from([0, 40, 80]))
    read(format, told(run, format, width=width, color="never"))


def test_a_colour_sequence_is_the_only_one(tmp_path: Path) -> None:
    import re

    at = Location("a.py", Range(1, 1, 1, 2))
    step = RelatedLocation("read", "".join(PAYLOADS), Location("a.py", Range(2, 1, 2, 2)))
    finding = Finding("SES101", "n", "".join(PAYLOADS), at, (step,))
    sources = {"a.py": SourceFile(tmp_path / "a.py", "a.py", "a")}
    content = "".join(PAYLOADS).encode("utf-8", "replace")
    run = run_of(Settings(root=tmp_path), sources, {"a.py": content}, (finding,))
    for format in ("full", "concise", "grouped"):
        plain = re.sub(r"\x1b\[[\d;]*m", "", told(run, format, color="always"))
        assert plain == told(run, format, color="never")
        read(format, plain)
