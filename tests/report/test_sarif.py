"""`sarif`, as the standard and GitHub's code scanning want it."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from sessionlint.check import Applicability, Edit, Finding, Fix, FixRefused, RelatedLocation
from sessionlint.report.findings.entries import Entry
from sessionlint.report.sarif.limits import fitted, kept
from sessionlint.source import SourceFile
from tests.report.runs import READ, STORY, at, by_comment, made, run_of, told
from tests.report.strict import read


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that is a folder of a repository."""
    project = tmp_path / "backend"
    project.mkdir()
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(project)
    return project


def region(row: int, column: int, end_column: int) -> dict[str, int]:
    return {"startLine": row, "startColumn": column, "endLine": row, "endColumn": end_column}


def place(file: str, row: int, column: int, end_column: int) -> dict[str, Any]:
    return {"artifactLocation": {"uri": f"backend/{file}", "uriBaseId": "%SRCROOT%"}, "region": region(row, column, end_column)}


def test_a_story(root: Path) -> None:
    run = read("sarif", told(made(root, STORY), "sarif"))
    (result,) = run["results"]
    assert result["message"]["text"] == (
        "`Order.lines` is read on a detached `Order` that never loaded it. Story: [1. query](1), [2. end](2), [3. read](3). "
        "Help: add `selectinload(Order.lines)` to the query at repo.py:6."
    )
    assert result["locations"] == [
        {"physicalLocation": place("views.py", 5, 48, 53), "logicalLocations": [{"fullyQualifiedName": "show", "kind": "function"}]}
    ]
    assert [(one["id"], one["physicalLocation"], one["message"]["text"]) for one in result["relatedLocations"]] == [
        (1, place("repo.py", 6, 16, 42), "`Order` is queried here"),
        (2, place("repo.py", 5, 10, 24), "the session is closed"),
        (3, place("views.py", 5, 48, 53), "reads `Order.lines`"),
    ]
    (flow,) = result["codeFlows"][0]["threadFlows"]
    assert [(step["kinds"], step["executionOrder"], step["nestingLevel"]) for step in flow["locations"]] == [
        (["query"], 1, 0),
        (["end"], 2, 0),
        (["read"], 3, 0),
    ]
    assert result["partialFingerprints"] == {"sessionlint/v1": made(root, STORY).findings[0].fingerprint}
    assert result["level"] == "error"
    assert "suppressions" not in result
    assert "baselineState" not in result


def test_what_a_call_leads_into_is_nested(root: Path) -> None:
    steps = [RelatedLocation(role, "m", at("repo.py", row, 1, 2)) for row, role in enumerate(("call", "query", "return", "read"), 1)]
    (result,) = read("sarif", told(made(root, replace(STORY, related=tuple(steps))), "sarif"))["results"]
    (flow,) = result["codeFlows"][0]["threadFlows"]
    assert [step["nestingLevel"] for step in flow["locations"]] == [0, 1, 0, 0]


def test_the_tool_and_its_rules(root: Path) -> None:
    other = Finding("SES406", "legacy-query-get", "`Query.get()` is legacy", at("repo.py", 6, 16, 42))
    run = read("sarif", told(made(root, other, STORY), "sarif"))
    first, second = run["tool"]["driver"]["rules"]
    assert [first["id"], second["id"]] == ["SES301", "SES406"]
    assert [result["ruleIndex"] for result in run["results"]] == [1, 0]
    assert first["name"] == "detached-lazy-load"
    assert first["helpUri"].endswith("/docs/rules/SES301.md")
    assert first["help"]["markdown"].startswith(first["fullDescription"]["text"])
    assert "## How it fails at run time" in first["help"]["markdown"]
    assert first["properties"] == {"tags": ["sqlalchemy", "session", "loading"], "precision": "high", "problem.severity": "error"}
    assert run["automationDetails"] == {"id": "sessionlint/"}
    assert run["columnKind"] == "unicodeCodePoints"


def test_suppressions_and_baseline(root: Path) -> None:
    silenced, known = (replace(STORY, evidence=name, at=at("views.py", row, 1, 2)) for row, name in ((1, "a"), (2, "b")))
    run = made(
        root, STORY, suppressed=(by_comment(silenced, "they are preloaded"),), baselined=(known,), baseline="sessionlint-baseline.json"
    )
    results = read("sarif", told(run, "sarif"))["results"]
    assert [(result["locations"][0]["physicalLocation"]["region"]["startLine"], result["suppressions"]) for result in results] == [
        (1, [{"kind": "inSource", "justification": "they are preloaded"}]),
        (2, [{"kind": "external", "justification": "known to the baseline"}]),
        (5, []),
    ]
    assert [result["baselineState"] for result in results] == ["new", "unchanged", "new"]


def test_a_fix_across_files(root: Path) -> None:
    edits = (Edit(at("repo.py", 1, 1, 1), "import x\n"), Edit(at("views.py", 5, 1, 3), ""))
    fixed = replace(STORY, fix=Fix(Applicability.UNSAFE, "Load it", edits))
    refused = replace(STORY, at=at("views.py", 1, 1, 2), fix_refused=FixRefused("shared-query", "others use the query"))
    first, second = read("sarif", told(made(root, refused, fixed), "sarif"))["results"]
    assert "fixes" not in first
    assert first["properties"]["fixRefused"] == {"code": "shared-query", "message": "others use the query"}
    (fix,) = second["fixes"]
    assert fix["description"] == {"text": "Load it"}
    assert [
        (change["artifactLocation"]["uri"], change["replacements"][0]["insertedContent"]["text"]) for change in fix["artifactChanges"]
    ] == [
        ("backend/repo.py", "import x\n"),
        ("backend/views.py", ""),
    ]


def test_names_of_files_are_encoded(root: Path) -> None:
    name = "a b/100%/ä[#]?:\udcff.py"
    files = {name: SourceFile(root / name, name, "m")}
    run = run_of(made(root).settings, files, {name: b""}, (Finding("SES101", "n", "m", at(name, 1, 1, 2)),))
    (result,) = read("sarif", told(run, "sarif"))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "backend/a%20b/100%25/%C3%A4%5B%23%5D%3F%3A%FF.py"


def test_a_file_outside_of_the_repository(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "m.py"
    files = {"../m.py": SourceFile(elsewhere, "../m.py", "m")}
    run = run_of(made(root).settings, files, {"../m.py": b""}, (Finding("SES101", "n", "m", at("../m.py", 1, 1, 2)),))
    (result,) = read("sarif", told(run, "sarif"))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": elsewhere.as_uri()}


def test_what_is_wrong_with_the_run_is_a_notification(root: Path) -> None:
    broken = Finding("SES001", "syntax-error", "invalid syntax", at("repo.py", 2, 1, 2))
    failed = Finding("SES009", "internal-error", "rule SES301 failed: KeyError", at("<sessionlint>", 1, 1, 1))
    run = read("sarif", told(made(root, failed, broken), "sarif"))
    assert [result["ruleId"] for result in run["results"]] == ["SES001"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"] == [
        {"level": "error", "message": {"text": "rule SES301 failed: KeyError."}, "descriptor": {"id": "SES009"}},
        {
            "level": "warning",
            "message": {"text": "invalid syntax."},
            "descriptor": {"id": "SES001"},
            "locations": [{"physicalLocation": place("repo.py", 2, 1, 2)}],
        },
    ]
    assert read("sarif", told(made(root, broken), "sarif"))["invocations"][0]["executionSuccessful"] is True


def test_nothing_found(root: Path) -> None:
    run = read("sarif", told(made(root), "sarif"))
    assert (run["results"], run["tool"]["driver"]["rules"], run["invocations"][0]["toolExecutionNotifications"]) == ([], [], [])


def test_what_others_write_links_nothing(root: Path) -> None:
    (result,) = read("sarif", told(made(root, replace(STORY, message="`a[0](b)` {0}")), "sarif"))["results"]
    assert result["message"]["text"].startswith("`a[0] (b)` {{0}}. Story: [1. query](1)")


def test_a_result_has_a_thousand_places_at_most(root: Path) -> None:
    steps = tuple(RelatedLocation("query", "m", at("repo.py", row, 1, 2)) for row in range(1, 12_002))
    (result,) = read("sarif", told(made(root, replace(STORY, related=steps)), "sarif"))["results"]
    assert len(result["relatedLocations"]) == 999
    assert len(result["codeFlows"][0]["threadFlows"][0]["locations"]) == 10_000


def test_the_worst_are_kept(root: Path) -> None:
    weak = Entry(replace(STORY, confidence="low"))
    warning = Entry(replace(STORY, severity="warning", at=at("a.py", 1, 1, 2)))
    silenced = Entry(STORY, suppression=by_comment(STORY).by)
    error = Entry(replace(STORY, at=READ))
    entries = [warning, silenced, weak, error]
    assert kept(entries, most=4) == entries
    assert [kept(entries, most=most) for most in (3, 2, 1)] == [[warning, weak, error], [weak, error], [error]]


def test_a_log_that_is_too_large_is_made_smaller() -> None:
    entries = [Entry(replace(STORY, at=at("a.py", row, 1, 2))) for row in range(1, 101)]
    written: list[int] = []

    def write(chosen: list[Entry]) -> str:
        written.append(len(chosen))
        return json.dumps([hashlib.sha256(str(entry.finding.at).encode()).hexdigest() for entry in chosen])

    text = fitted(entries, write, most_bytes=1500)
    assert written[:3] == [100, 75, 56]
    assert len(gzip.compress(text.encode())) <= 1500
    assert len(json.loads(text)) == written[-1] > 0


def test_what_was_left_out_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sessionlint.report.sarif.limits.kept.__defaults__", (1,))
    other = replace(STORY, severity="warning", at=at("repo.py", 1, 1, 2))
    run = read("sarif", told(made(root, other, STORY), "sarif"))
    assert [result["level"] for result in run["results"]] == ["error"]
    assert [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]] == [
        "1 of 2 findings left out: GitHub takes no more. Those that are here are the worst."
    ]
