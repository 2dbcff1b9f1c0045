"""What findings say is made from their rule's `message_formats`, and each of these is used: `sessionlint rule` lists them."""

from __future__ import annotations

import re
from collections import defaultdict
from string import Formatter

import pytest

from sessionlint.check import all_rules
from sessionlint.config import Options, load_settings
from sessionlint.pipeline import run
from tests.cases import FIXTURES, PROGRAMS, cases

RULES = [rule for rule in all_rules() if not rule.is_of_run]


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


def test_what_rules_say_has_one_of_their_formats_and_each_is_used(messages: dict[str, set[str]]) -> None:
    """One test, because the messages take long to gather and every process would gather them for itself."""
    without, strange, unused = [], [], []
    for rule in RULES:
        formats = {format: pattern(format) for format in rule.message_formats}
        said = messages[rule.code]
        without += [] if said else [rule.code]
        strange += [message for message in said if not any(known.fullmatch(message) for known in formats.values())]
        unused += [format for format, known in formats.items() if not any(known.fullmatch(message) for message in said)]
    assert (without, strange, unused) == ([], [], [])
