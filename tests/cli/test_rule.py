"""`sessionlint rule`."""

from __future__ import annotations

import json
import re

import pytest

from sessionlint.check import all_rules
from tests.cli.conftest import Command


def test_a_rule_is_printed_as_markdown(sessionlint: Command) -> None:
    done = sessionlint("rule", "SES301")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("# detached-lazy-load (SES301)\n\nA relationship or deferred column is read on a detached instance")
    assert "\n## Why is this bad?\n" in done.stdout
    assert "# expect" not in done.stdout
    assert "\x1b" not in done.stdout


def test_a_code_may_be_written_small(sessionlint: Command) -> None:
    assert sessionlint("rule", "ses301").stdout == sessionlint("rule", "SES301").stdout


def test_all_rules(sessionlint: Command) -> None:
    titles = re.findall(r"^# (\S+) \((SES\d+)\)$", sessionlint("rule", "--all").stdout, re.M)
    assert titles == [(rule.name, rule.code) for rule in all_rules()]


def test_json_has_ruffs_fields(sessionlint: Command) -> None:
    one = json.loads(sessionlint("rule", "SES406", "--output-format", "json").stdout)
    fields = ("name", "code", "linter", "summary", "fix_availability")
    assert [one[key] for key in fields] == ["legacy-query-get", "SES406", "sessionlint", "`Query.get()` is called.", "Sometimes"]
    assert one["explanation"].startswith("## What it does\n\nReports `session.query(X).get(pk)`")
    everything = json.loads(sessionlint("rule", "--all", "--output-format", "json").stdout)
    assert [rule["code"] for rule in everything] == [rule.code for rule in all_rules()]
    assert one in everything


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["SES311"], "sessionlint: error: unknown rule `SES311` (did you mean `SES310`?)\n"),
        (["session-leak"], "sessionlint: error: unknown rule `session-leak` (the code of `session-leak` is `SES102`)\n"),
        ([], "give either the code of a rule or `--all`"),
        (["SES301", "--all"], "give either the code of a rule or `--all`"),
        (["SES301", "--output-format", "xml"], "'xml' is not one of 'text', 'json'"),
    ],
)
def test_what_cannot_be_shown_is_an_error(sessionlint: Command, arguments: list[str], said: str) -> None:
    done = sessionlint("rule", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
