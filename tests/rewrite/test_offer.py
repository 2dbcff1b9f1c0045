"""What `check` says of fixes: the ranges and texts are exactly what `--fix` would write, and where there is none it says why."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionlint.check import Applicability, Edit, Fixability, FixRefused, all_rules, check
from sessionlint.config import CacheSettings, FixSettings, Settings
from sessionlint.pipeline import rewritten, run
from sessionlint.rewrite import Outcome, Spot, all_codemods, migrate, offered
from sessionlint.rewrite.codemod import Proposal, Refusal
from sessionlint.rewrite.codemods.query_get import QueryGet
from sessionlint.rewrite.edit import Insertion, LineEdits, Replacement, Shift, compose_by_row
from sessionlint.rewrite.offer.ranges import replaced_ranges
from sessionlint.rewrite.text import SourceText, lines_of, read_text
from sessionlint.solve import solve
from sessionlint.source import Range
from tests.rewrite.programs import program_of

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = sorted(path.parent for path in (FIXTURES / "codemods").rglob("case.toml"))


def applied(source: bytes, edits: Sequence[tuple[Range, str]]) -> bytes:
    """A file after the edits, as an editor would apply them."""
    text = read_text(source)
    starts = [0]
    for line in text.lines:
        starts.append(starts[-1] + len(line))
    whole = "".join(text.lines)
    for at, content in sorted(edits, reverse=True):
        start, end = starts[at.row - 1] + at.column - 1, starts[at.end_row - 1] + at.end_column - 1
        whole = whole[:start] + content + whole[end:]
    return text.encode([whole])


def by_file(edits: Sequence[Edit]) -> dict[str, list[tuple[Range, str]]]:
    found: dict[str, list[tuple[Range, str]]] = {}
    for edit in edits:
        found.setdefault(edit.at.file, []).append((edit.at.range, edit.content))
    return found


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.relative_to(FIXTURES / "codemods").as_posix())
def test_an_offer_is_what_is_written(folder: Path) -> None:
    done = run([folder / "before"], Settings(root=folder / "before", cache=CacheSettings(enabled=False)), jobs=1)
    findings = offered(done.program, done.settings, done.sources, done.findings)
    assert [f.at for f in findings] == [f.at for f in done.findings]
    assert all((f.fix is None) is (f.fix_refused is not None) for f in findings)
    offers: dict[tuple[str, str, int], list[dict[str, bytes]]] = {}
    for finding in findings:
        files = by_file(finding.fix.edits) if finding.fix is not None else {}
        place = (finding.code, finding.at.file, finding.at.range.row)
        offers.setdefault(place, []).append({name: applied(done.sources[name], edits) for name, edits in files.items()})
    if not any(files for place in offers.values() for files in place):
        return
    local = [codemod for codemod in all_codemods() if codemod.is_local]
    result = migrate(done.program, done.settings, done.sources, lambda spot: True, done.findings, codemods=local)
    for outcome in result.migrated:
        place = (outcome.rule, outcome.file, outcome.row)
        if place in offers and outcome.applied is not None and outcome.applied.sources == done.sources:  # not in a later pass
            assert {change.name: change.after for change in outcome.applied.changes()} in offers[place]


TEXTS = st.lists(st.tuples(st.sampled_from(["", "a", "if b:", "  c = 1", "\td", "é"]), st.sampled_from(["\n", "\r\n", "\r"])), max_size=8)


@st.composite
def edited(draw: st.DrawFn) -> tuple[list[str], list[LineEdits]]:
    """Lines, and edits to them as codemods make them."""
    lines = [text + ending for text, ending in draw(TEXTS)]
    if lines and draw(st.booleans()):
        lines[-1] = lines[-1].rstrip("\r\n")
    lines = lines_of("".join(lines))
    rows = st.integers(1, max(len(lines), 1))
    edits = LineEdits()
    if lines:
        edits.deleted = draw(st.sets(rows, max_size=2))
        first = draw(rows)
        edits.shifts = [Shift(first, draw(st.integers(first, len(lines))), "", "    ")] if draw(st.booleans()) else []
        row = draw(rows)
        if row not in edits.deleted:
            end = len(lines[row - 1].rstrip("\r\n")) + 1
            start = draw(st.integers(1, end))
            edits.replaced = [Replacement(row, start, row, draw(st.integers(start, end)), draw(st.sampled_from(["", "x", "x\ny"])))]
    places = st.tuples(st.integers(1, len(lines) + 1), st.sampled_from(["n", "", "  c = 1"]), st.booleans())
    edits.inserted = [
        Insertion(min(row, max(len(lines), 1)) if behind else row, text, behind=behind)
        for row, text, behind in draw(st.lists(places, max_size=3))
    ]
    return lines, [edits]


@given(edited())
def test_ranges_make_what_the_edits_make(case: tuple[list[str], list[LineEdits]]) -> None:
    lines, sites = case
    text = SourceText("utf-8", False, tuple(lines), "\r\n", True)
    composed = compose_by_row(text, sites, frozenset())
    ranges = list(replaced_ranges(text.lines, composed))
    assert applied("".join(lines).encode(), ranges) == "".join(line for _, line in composed).encode()
    assert all((one.end_row, one.end_column) < (two.row, two.column) for (one, _), (two, _) in pairwise(ranges))


@pytest.mark.parametrize(
    ("before", "edits", "expected"),
    [
        (["x = query(A).get(1)\n"], LineEdits(replaced=[Replacement(1, 5, 1, 20, "get(A, 1)")]), [(Range(1, 5, 1, 18), "get(A, ")]),
        (["a\n", "b\n"], LineEdits(inserted=[Insertion(2, "new")]), [(Range(2, 1, 2, 1), "new\n")]),
        (["a\n", "b\n"], LineEdits(deleted={1}), [(Range(1, 1, 2, 1), "")]),
        (["a\n", "b"], LineEdits(inserted=[Insertion(2, "new", behind=True)]), [(Range(2, 2, 2, 2), "\nnew")]),
        (["a\r\n", "b\r\n"], LineEdits(replaced=[Replacement(1, 1, 1, 2, "c")]), [(Range(1, 1, 1, 2), "c")]),
        (["a\n", "b\n", "c\n"], LineEdits(deleted={1, 3}), [(Range(1, 1, 2, 1), ""), (Range(3, 1, 4, 1), "")]),
        (["number = 1\n"], LineEdits(replaced=[Replacement(1, 1, 1, 7, "numeral")]), [(Range(1, 1, 1, 7), "numeral")]),
        (["a\n"], LineEdits(), []),
    ],
)
def test_ranges(before: list[str], edits: LineEdits, expected: list[tuple[Range, str]]) -> None:
    text = read_text("".join(before).encode())
    assert list(replaced_ranges(text.lines, compose_by_row(text, [edits], frozenset()))) == expected


MODELS = """from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
class Base(DeclarativeBase):
    pass
class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
MAIN = """from models import Book, Session
def find(session: Session, number):
    return session.query(Book).get(number)
def leak(engine):
    session = Session(engine)
    print(session.get(Book, 1) is None)
"""


def told(settings: FixSettings) -> list[tuple[str, str, str]]:
    """Of each finding in MAIN its code, the applicability of its fix, and the code of the refusal."""
    sources = {"models.py": MODELS.encode(), "main.py": MAIN.encode()}
    program, given_ = program_of(sources), Settings(root=Path("/project"), fixes=settings)
    findings = offered(program, given_, sources, check(program, solve(program), given_))
    return [(f.code, f.fix.applicability.value if f.fix else "", f.fix_refused.code if f.fix_refused else "") for f in findings]


@pytest.mark.parametrize(
    ("settings", "query", "leak"),
    [
        (FixSettings(), ("safe", ""), ("", "no-codemod")),
        (FixSettings(unfixable=("SES4",)), ("", "unfixable"), ("", "no-codemod")),
        (FixSettings(fixable=("SES1",)), ("", "unfixable"), ("", "no-codemod")),
        (FixSettings(fixable=("SES1",), extend_fixable=("SES406",)), ("safe", ""), ("", "no-codemod")),
        (FixSettings(unfixable=("SES4",), extend_fixable=("SES406",)), ("safe", ""), ("", "no-codemod")),
        (FixSettings(unfixable=("ALL",)), ("", "unfixable"), ("", "no-codemod")),
        (FixSettings(extend_unsafe=("SES406",)), ("unsafe", ""), ("", "no-codemod")),
        (FixSettings(extend_unsafe=("SES4",), extend_safe=("SES406",)), ("safe", ""), ("", "no-codemod")),
        (FixSettings(extend_unsafe=("SES4",), extend_safe=("SES4",)), ("unsafe", ""), ("", "no-codemod")),
    ],
)
def test_what_the_settings_say(settings: FixSettings, query: tuple[str, str], leak: tuple[str, str]) -> None:
    assert told(settings) == [("SES406", *query), ("SES102", *leak)]


def test_unsafe_fixes_may_be_declared_safe() -> None:
    fixability = Fixability(Settings(root=Path("/"), fixes=FixSettings(extend_safe=("SES3",))))
    assert fixability.applicability("SES301", Applicability.UNSAFE) is Applicability.SAFE
    assert fixability.applicability("SES406", Applicability.UNSAFE) is Applicability.UNSAFE
    assert fixability.applicability("SES301", Applicability.DISPLAY_ONLY) is Applicability.DISPLAY_ONLY


def test_what_has_been_said_is_not_asked_again() -> None:
    sources = {"models.py": MODELS.encode(), "main.py": MAIN.encode()}
    program, settings = program_of(sources), Settings(root=Path("/project"))
    refused = FixRefused("not-verified", "tried")
    found = tuple(msgspec.structs.replace(f, fix_refused=refused) for f in check(program, solve(program), settings))
    assert offered(program, settings, sources, found) == found


def test_a_codemod_that_fails_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: QueryGet, spot: Spot) -> Proposal | Refusal:
        raise ValueError("odd")

    monkeypatch.setattr(QueryGet, "propose", fail)
    assert told(FixSettings()) == [("SES406", "", "failed"), ("SES102", "", "no-codemod")]


def test_rules_name_the_codemods_that_mend_them() -> None:
    named = {(codemod, rule.code) for rule in all_rules() for codemod in rule.codemods}
    assert named == {(codemod.name, code) for codemod in all_codemods() for code in codemod.fixes}


def test_a_fix_that_did_not_stand_is_refused_where_the_finding_is_now(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "main.py").write_text(MAIN + MAIN.partition("\n")[2].partition("def leak")[0].replace("find", "again"))
    done = run([tmp_path], Settings(root=tmp_path, cache=CacheSettings(enabled=False)), jobs=1)
    first, leak, second = done.findings
    query_get = [QueryGet]
    result = migrate(
        done.program, done.settings, done.sources, lambda spot: spot.row == first.at.range.row, done.findings, codemods=query_get
    )
    assert [(outcome.row, outcome.code) for outcome in result.migrated] == [(3, "")]
    key = (*result.migrated[0].key[:3], "again", *result.migrated[0].key[4:])
    unproved = Outcome(key, "main.py", second.at.range.row, code="not-verified", reason="tried")
    after = rewritten(done, replace(result, left=(unproved,)))
    refused = [(f.code, f.qualname, f.fix_refused) for f in after.findings]
    assert refused == [("SES102", "leak", None), ("SES406", "again", FixRefused("not-verified", "tried"))]
    hidden = rewritten(replace(done, findings=(first, leak), baselined=(second,)), result)
    assert [f.qualname for f in hidden.findings] == ["leak"]
    assert [f.qualname for f in hidden.baselined] == ["again"]


def test_check_imports_no_parser_and_no_codemod_to_make_offers() -> None:
    code = (
        "import sys\n"
        "from sessionlint.rewrite import offered\n"
        "slow = ('libcst', 'sessionlint.capture', 'sessionlint.rewrite.codemods.')\n"
        "print([name for name in sorted(sys.modules) if name.startswith(slow)])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
