"""The programs below `tests/programs`, written from the catalogue: SQLAlchemy confirms each, and the findings are exactly those marked."""

from __future__ import annotations

import io

import pytest

from sessionlint.check import all_rules
from sessionlint.report import report
from tests.cases import PROGRAMS, Case, Mark, cases, marks_of, parameters
from tests.execution import server

RULES = sorted(rule.code for rule in all_rules() if "SES1" <= rule.code < "SES6")
EVERY = cases(PROGRAMS)


def codes(case: Case) -> set[str]:
    """The codes that the program expects."""
    return {mark[2] for mark in case.marks("expect")}


def rule_of(case: Case) -> str:
    """The rule whose folder it is in: `family/SESnnn/name`."""
    return case.id.split("/")[1]


def explained(title: str, marks: set[Mark]) -> list[str]:
    return [f"{title} {code} at {file}:{row}" for file, row, code in sorted(marks)]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in EVERY])
def test_sqlalchemy_agrees(case: Case) -> None:
    if not server().can_express(case):
        pytest.skip(f"for SQLAlchemy {case.header['sqlalchemy']}")
    assert server().complaint(case) is None


@pytest.mark.parametrize("case", parameters([case for case in EVERY if codes(case) <= set(RULES)]))
def test_the_findings_are_those_that_are_marked(case: Case) -> None:
    done = case.run()
    found, wanted = marks_of(done.findings), case.marks("expect")
    missing, surplus = wanted - found, found - wanted - case.marks("allow")
    if missing or surplus:
        told = io.StringIO()
        report(done, "full", told)
        pytest.fail("\n".join([*explained("missing", missing), *explained("surplus", surplus), told.getvalue()]), pytrace=False)


@pytest.mark.parametrize("code", RULES)
def test_each_rule_has_two_misuses_and_two_near_misses(code: str) -> None:
    assert sum(code in codes(case) for case in EVERY) >= 2
    assert sum(rule_of(case) == code and not codes(case) for case in EVERY) >= 2
