"""`sessionlint rule`."""

from __future__ import annotations

import json
import re

import pytest

from sessionlint.check import all_rules, url_of
from sessionlint.rewrite import all_codemods
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


def test_a_rule_may_be_called_by_its_name(sessionlint: Command) -> None:
    for name in ("detached-lazy-load", "Detached-Lazy-Load"):
        assert sessionlint("rule", name).stdout == sessionlint("rule", "SES301").stdout
    assert json.loads(sessionlint("rule", "detached-lazy-load", "--output-format", "json").stdout)["code"] == "SES301"


@pytest.mark.parametrize("prefix", ["SES1", "ses40", "SES"])
def test_a_prefix_is_all_rules_whose_codes_begin_so(sessionlint: Command, prefix: str) -> None:
    codes = [rule.code for rule in all_rules() if rule.code.startswith(prefix.upper())]
    assert re.findall(r"^# \S+ \((SES\d+)\)$", sessionlint("rule", prefix).stdout, re.M) == codes
    assert [rule["code"] for rule in json.loads(sessionlint("rule", prefix, "--output-format", "json").stdout)] == codes


def test_all_rules(sessionlint: Command) -> None:
    titles = re.findall(r"^# (\S+) \((SES\d+)\)$", sessionlint("rule", "--all").stdout, re.M)
    assert titles == [(rule.name, rule.code) for rule in all_rules()]


def test_json_has_ruffs_fields(sessionlint: Command) -> None:
    one = json.loads(sessionlint("rule", "SES406", "--output-format", "json").stdout)
    explanation = one.pop("explanation")
    assert explanation.startswith("## What it does\n\nReports `session.query(X).get(pk)`")
    assert "LegacyAPIWarning" in explanation
    assert one == {
        "name": "legacy-query-get",
        "code": "SES406",
        "linter": "sessionlint",
        "summary": "`Query.get()` is called.",
        "message_formats": ["`Query.get()` is legacy"],
        "fix": "Fix is sometimes available.",
        "fix_availability": "Sometimes",
        "preview": False,
        "since": "0.1",
        "default": True,
        "severity": "error",
        "codemods": ["query-get"],
        "commands": ["check --fix", "migrate"],
        "url": url_of("SES406"),
        "error_url": "https://sqlalche.me/e/20/b8d9",
    }


def test_fix_availability_is_what_codemods_do(sessionlint: Command) -> None:
    rules = json.loads(sessionlint("rule", "--all", "--output-format", "json").stdout)
    assert [rule["code"] for rule in rules] == [rule.code for rule in all_rules()]
    fixed = {code for codemod in all_codemods() for code in codemod.fixes}
    local = {code for codemod in all_codemods() if codemod.is_local for code in codemod.fixes}
    for rule in rules:
        assert rule["fix_availability"] == ("Sometimes" if rule["code"] in fixed else "None")
        assert ("check --fix" in rule["commands"], "migrate" in rule["commands"]) == (rule["code"] in local, rule["code"] in fixed)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["SES311"], "sessionlint: error: unknown rule `SES311` (did you mean `SES310`?)\n"),
        (["session-leek"], "sessionlint: error: unknown rule `session-leek` (did you mean `SES102`?)\n"),
        (["E501"], "sessionlint: error: unknown rule `E501` (did you mean `SES501`?)\n"),
        (["XYZ"], "sessionlint: error: unknown rule `XYZ`\n"),
        ([""], "sessionlint: error: unknown rule ``\n"),
        ([], "give either a rule or `--all`"),
        (["SES301", "--all"], "give either a rule or `--all`"),
        (["SES301", "--output-format", "xml"], "'xml' is not one of 'text', 'json'"),
    ],
)
def test_what_cannot_be_shown_is_an_error(sessionlint: Command, arguments: list[str], said: str) -> None:
    done = sessionlint("rule", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
