"""`github`, `gitlab`, `junit`, `azure`, `pylint`, `rdjson`, `csv`, `markdown` and `report`: what their readers get."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from sessionlint.check import Applicability, Edit, Finding, Fix, FixRefused
from sessionlint.pipeline import Run
from sessionlint.report import formats
from sessionlint.report.printable import printable
from tests.report.runs import STORY, at, by_comment, made, told
from tests.report.strict import read

OTHER = Finding("SES406", "legacy-query-get", "`Query.get()` is legacy", at("repo.py", 6, 16, 42, end_row=7), severity="warning")
MESSAGE = "`Order.lines` is read on a detached `Order` that never loaded it"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that is a folder of a repository, in which the user stands."""
    project = tmp_path / "back,end: 100%"
    project.mkdir()
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def run(root: Path) -> Run:
    """Two findings, one that is silenced, one that the baseline knows."""
    silenced, known = (replace(STORY, evidence=name) for name in "ab")
    return made(root, OTHER, STORY, suppressed=(by_comment(silenced, "why"),), baselined=(known,), baseline="known.json")


def test_github(run: Run) -> None:
    first, second = read("github", told(run, "github"))
    assert first == {
        "command": "error",
        "title": "sessionlint (SES301)",
        "file": "back,end: 100%/views.py",
        "line": "5",
        "col": "48",
        "endLine": "5",
        "endColumn": "53",
        "message": f"views.py:5:48: SES301 {MESSAGE}\n"
        "  1. repo.py:6:16: `Order` is queried here\n"
        "  2. repo.py:5:10: the session is closed\n"
        "  3. views.py:5:48: reads `Order.lines`\n"
        "  help: add `selectinload(Order.lines)` to the query at repo.py:6",
    }
    assert second == {
        "command": "warning",
        "title": "sessionlint (SES406)",
        "file": "back,end: 100%/repo.py",
        "line": "6",
        "endLine": "7",
        "message": "repo.py:6:16: SES406 `Query.get()` is legacy",
    }
    assert "file=back%2Cend%3A 100%25/views.py," in told(run, "github")


def test_github_shows_ten_and_says_so(root: Path) -> None:
    findings = [replace(STORY, at=at("views.py", row, 1, 2), severity="error" if row > 3 else "warning") for row in range(1, 15)]
    rows = read("github", told(made(root, *findings), "github"))
    assert [row["command"] for row in rows] == ["error"] * 11 + ["warning"] * 3 + ["notice"]
    assert rows[-1]["message"] == "Found 14 errors. GitHub shows the 10 worst of them as annotations; the others are in the log."
    assert len(read("github", told(made(root, *findings), "github", summary=False))) == 14
    assert len(read("github", told(made(root, *findings[:13]), "github"))) == 13


def test_gitlab(run: Run) -> None:
    first, second = read("gitlab", told(run, "gitlab"))
    assert second == {
        "check_name": "SES301",
        "description": f"SES301: {MESSAGE}",
        "severity": "major",
        "fingerprint": run.findings[1].fingerprint,
        "location": {
            "path": "back,end: 100%/views.py",
            "positions": {"begin": {"line": 5, "column": 48}, "end": {"line": 5, "column": 53}},
        },
    }
    assert first["severity"] == "minor"


def test_junit(run: Run, root: Path) -> None:
    first, second = read("junit", told(run, "junit"))
    assert (first["@name"], second["@name"]) == ("repo.py", "views.py")
    (case,) = second["testcase"]
    assert [case[name] for name in ("@name", "@classname", "@line", "@column")] == ["org.sessionlint.SES301", "views", 5, 48]
    assert case["failure"]["@message"] == MESSAGE
    assert case["failure"]["$"].startswith(f"line 5, col 48, {MESSAGE}\n1. repo.py:6:16: `Order` is queried here\n")
    (passed,) = read("junit", told(made(root), "junit"))
    assert (passed["@failures"], "failure" in passed["testcase"][0]) == (0, False)


def test_azure_and_pylint(run: Run, root: Path) -> None:
    assert read("azure", told(run, "azure"))[1] == {
        "type": "error",
        "sourcepath": "back,end: 100%/views.py",
        "linenumber": "5",
        "columnnumber": "48",
        "code": "SES301",
        "message": MESSAGE,
    }
    assert [row["type"] for row in read("azure", told(run, "azure"))] == ["warning", "error"]
    assert told(run, "pylint").splitlines() == ["repo.py:6: [SES406] `Query.get()` is legacy", f"views.py:5: [SES301] {MESSAGE}"]
    assert [told(made(root), format) for format in ("azure", "pylint", "github")] == ["", "", ""]


def test_rdjson_counts_bytes(root: Path) -> None:
    own = Fix(Applicability.SAFE, "Mend", (Edit(at("t.py", 1, 6, 7), "ö"),))
    far = Fix(Applicability.SAFE, "Mend", (Edit(at("repo.py", 1, 1, 1), "x"),))
    finding = Finding("SES101", "n", "m", at("t.py", 1, 6, 8), fix=own)
    first, second = read("rdjson", told(made(root, finding, replace(finding, fix=far), t="'äö', x\n"), "rdjson"))["diagnostics"]
    assert first["location"] == {"path": "t.py", "range": {"start": {"line": 1, "column": 8}, "end": {"line": 1, "column": 10}}}
    assert first["suggestions"] == [{"range": {"start": {"line": 1, "column": 8}, "end": {"line": 1, "column": 9}}, "text": "ö"}]
    assert "suggestions" not in second


def test_csv(run: Run, root: Path) -> None:
    rows = read("csv", told(run, "csv"))
    assert [(row["code"], row["filename"], row["row"], row["column"], row["message"]) for row in rows] == [
        ("SES406", "repo.py", "6", "16", "`Query.get()` is legacy"),
        ("SES301", "views.py", "5", "48", MESSAGE),
    ]
    assert (rows[1]["baseline"], rows[1]["fingerprint"]) == ("new", run.findings[1].fingerprint)
    formula = replace(OTHER, message="=1+1", qualname="\t@SUM(A1)", fix_refused=FixRefused("code", "why, so"))
    (row,) = read("csv", told(made(root, formula), "csv"))
    assert (row["message"], row["function"], row["fix_refused"]) == ("'=1+1", "'    @SUM(A1)", "code: why, so")
    assert read("csv", told(made(root), "csv")) == []


def test_markdown(run: Run, root: Path) -> None:
    header, _, *rows = read("markdown", told(run, "markdown"))
    assert header == ["Where", "Rule", "What", "Fix"]
    assert rows == [
        ["`repo.py:6:16`", "[SES406]", "`Query.get()` is legacy", ""],
        ["`views.py:5:48`", "[SES301]", MESSAGE, "add `selectinload(Order.lines)` to the query at repo.py:6"],
    ]
    assert "   1. `repo.py:6:16`: `Order` is queried here\n" in told(run, "markdown")
    assert told(made(root), "markdown") == "All checks passed!\n"
    mean = replace(OTHER, message="`a|b` <b>@you</b> | [x](y) `` ` \\| #1")
    (_, _, row) = read("markdown", told(made(root, mean), "markdown"))
    assert row[2] == "`a\\|b` &lt;b\\>@&#8203;you&lt;/b\\> \\| \\[x\\](y) \\`\\` \\` \\\\\\| \\#&#8203;1"


def test_report(run: Run) -> None:
    document = read("report", told(run, "report"))
    assert {key: document[key] for key in ("schema_version", "tool", "root", "baseline", "summary")} == {
        "schema_version": 1,
        "tool": "sessionlint",
        "root": str(run.settings.root),
        "baseline": {"new": 2, "unchanged": 1},
        "summary": {"files": 2, "reported": 2, "suppressed": 1, "fixable": 0, "by_rule": {"SES301": 1, "SES406": 1}},
    }
    assert [(row["code"], row["suppressed"], row["baseline"]) for row in document["findings"]] == [
        ("SES406", None, "new"),
        ("SES301", None, "new"),
        ("SES301", {"kind": "ignore", "justification": "why"}, None),
        ("SES301", None, "unchanged"),
    ]


def test_html(run: Run, root: Path) -> None:
    page = read("html", told(run, "html"))
    assert "2 errors in back,end: 100%" in page.text
    assert "2 findings silenced or known" in page.text
    links = [attributes["href"] for tag, attributes in page.found if tag == "a" and attributes["href"].startswith("#")]
    assert links == ["#f2", "#f1"]
    for said in ("reads `Order.lines`", "Silenced by the comment in line 5: why", "Known to the baseline"):
        assert said in page.text
    source = "    5 |     return render([line.text for line in order.lines])"
    assert f"{source}\n      | {' ' * 47}^^^^^" in page.text
    assert "All checks passed!" in read("html", told(made(root), "html")).text


def test_json_and_its_lines_say_the_same(run: Run) -> None:
    rows = read("json", told(run, "json"))
    assert rows == read("json-lines", told(run, "json-lines")) == read("report", told(run, "report"))["findings"]
    assert len(rows) == 4


@pytest.mark.parametrize("format", formats())
def test_what_is_silenced_or_known_is_no_error(format: str, run: Run, root: Path) -> None:
    if format in ("json", "json-lines", "report", "sarif", "html"):
        return
    expected = told(made(root, OTHER, STORY, baseline="known.json"), format)
    if format in ("concise", "full", "grouped"):
        assert expected.count("0 known in the baseline") == 1
        expected = expected.replace("0 known in the baseline", "1 known in the baseline")
    assert told(run, format) == expected


def test_a_command_is_escaped_where_it_would_be_one() -> None:
    assert printable("::error::x ::y [:: z] a::b") == ":\\x3aerror::x :\\x3ay [:: z] a::b"
    assert printable("##[x ###vso[y ## z ##x") == "#\\x23[x ##\\x23vso[y ## z ##x"
    assert printable("\ufffe\U000e0041\u200d") == "\\ufffe\\U000e0041\u200d"
