"""Every rule fixture through the whole pipeline: each finding that it expects, and none besides."""

from __future__ import annotations

import io

import pytest

from sessionlint.check import Finding, all_rules
from sessionlint.report import report
from tests.cases import Case, Mark, cases, marks_of, parameters


def explained(title: str, marks: set[Mark]) -> list[str]:
    return [f"{title} {code} at {file}:{row}" for file, row, code in sorted(marks)]


@pytest.mark.parametrize("case", parameters())
def test_the_findings_are_those_that_are_marked(case: Case) -> None:
    done = case.run()
    found, wanted = marks_of(done.findings), case.marks("expect")
    missing, surplus = wanted - found, found - wanted - case.marks("allow")
    if missing or surplus:
        told = io.StringIO()
        report(done, "full", told)
        pytest.fail("\n".join([*explained("missing", missing), *explained("surplus", surplus), told.getvalue()]), pytrace=False)


def test_a_name_says_whether_findings_are_expected() -> None:
    wrong_names = [case.id for case in cases() if case.path.name.startswith("near_") is bool(case.marks("expect"))]
    assert wrong_names == []


@pytest.mark.parametrize("code", [rule.code for rule in all_rules() if not rule.is_of_run])
def test_each_rule_has_wrong_fixtures_and_at_least_as_many_near_ones_as_three(code: str) -> None:
    own = [case for case in cases() if case.id.startswith(code.lower() + "/")]
    assert sum(code in {mark[2] for mark in case.marks("expect")} for case in own) >= 3
    assert sum(case.path.name.startswith("near_") for case in own) >= 4


def stories(case: Case) -> tuple[Finding, ...]:
    return tuple(finding for finding in case.run().findings if finding.code == "SES301")


@pytest.mark.parametrize(
    "case", [case for case in cases() if case.id.startswith("ses301/") and case.marks("expect")], ids=lambda case: case.id
)
def test_a_loading_finding_tells_its_story(case: Case) -> None:
    if "known" in case.header:
        pytest.skip("there is no finding to tell of")
    for finding in stories(case):
        roles = [step.role for step in finding.related]
        assert roles[-1] == "read"
        assert finding.related[-1].at == finding.at
        assert {"query", "end", "relationship"} <= set(roles), f"{finding.at}: {roles}"
        assert roles.index("query") < roles.index("end") < roles.index("relationship")
