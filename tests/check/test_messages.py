"""What findings say is made from their rule's `message_formats`, and each of these is used: `sessionlint rule` lists them."""

from __future__ import annotations

import re
from collections import defaultdict
from string import Formatter

import pytest

from sessionlint.check import Rule, all_rules
from sessionlint.config import Options, load_settings
from sessionlint.pipeline import run
from tests.cases import FIXTURES, PROGRAMS, cases

BY_RULE = pytest.mark.parametrize("rule", [rule for rule in all_rules() if not rule.is_of_run], ids=lambda rule: rule.code)


COMMENTS = """\
from sqlalchemy.orm import Session
# sessionlint: enable[SES301] -- ends nothing
session = Session()  # sessionlint: ignore[SES104]
"""


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What is said of all fixtures and programs, and of comments where every one needs a reason, by code."""
    said = defaultdict(set)
    for case in (*cases(FIXTURES), *cases(PROGRAMS)):
        settings = load_settings([case.path], isolated=True, overrides=Options(cache=False, select=("ALL",), require_reason=True))
        for finding in run([case.path], settings, jobs=1).findings:
            said[finding.code].add(finding.message)
    strict = tmp_path_factory.mktemp("strict")
    (strict / "comments.py").write_text(COMMENTS)
    settings = load_settings([strict], isolated=True, overrides=Options(cache=False, select=("ALL",), require_reason=True))
    for finding in run([strict], settings, jobs=1).findings:
        said[finding.code].add(finding.message)
    return said


def pattern(format: str) -> re.Pattern[str]:
    parts = (re.escape(text) + ("" if name is None else ".+") for text, name, _, _ in Formatter().parse(format))
    return re.compile("".join(parts))


@BY_RULE
def test_what_is_said_has_one_of_the_formats(rule: Rule, messages: dict[str, set[str]]) -> None:
    formats = [pattern(format) for format in rule.message_formats]
    assert messages[rule.code]
    assert [message for message in messages[rule.code] if not any(format.fullmatch(message) for format in formats)] == []


@BY_RULE
def test_each_format_is_used(rule: Rule, messages: dict[str, set[str]]) -> None:
    unused = [format for format in rule.message_formats if not any(pattern(format).fullmatch(said) for said in messages[rule.code])]
    assert unused == []
