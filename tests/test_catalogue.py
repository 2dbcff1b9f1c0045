"""The rules as a whole: named as the catalogue names them, each in one place of its own, each page with the headings that users know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sessionlint.check
from sessionlint.check import RESERVED, Rule, all_rules, asked_in_vain, documentation, selected
from sessionlint.config import Options, load_settings
from tests.cases import FIXTURES

CATALOGUE = {
    "SES001": "syntax-error",
    "SES005": "unreadable-file",
    "SES009": "internal-error",
    "SES101": "direct-session-acquisition",
    "SES102": "session-leak",
    "SES201": "session-in-session-state",
    "SES203": "session-read-from-session-state",
    "SES301": "detached-lazy-load",
    "SES401": "unsafe-repr-relationship",
    "SES406": "legacy-query-get",
}
ORDER = [
    "What it does",
    "Why is this bad?",
    "How it fails at run time",
    "Example",
    "Fix safety",
    "Options",
    "What is not reported",
    "References",
]
FOLDER = Path(sessionlint.check.__path__[0]) / "rules"
BY_RULE = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)


def test_no_code_is_both_a_rule_and_reserved() -> None:
    assert not RESERVED.keys() & {rule.code for rule in all_rules()}
    assert len(set(RESERVED.values()) | set(CATALOGUE.values())) == len(RESERVED) + len(CATALOGUE) == 42


def test_a_code_that_is_to_come_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "empty.py").write_text("")
    settings = load_settings([tmp_path], isolated=True, overrides=Options(select=("SES304", "SES5")))
    assert [rule.code for rule in selected(settings)] == ["SES001", "SES005", "SES009"]
    assert asked_in_vain(settings.lint.select) == ("SES304",)


def test_codes_and_names_are_the_catalogues() -> None:
    assert {rule.code: rule.name for rule in all_rules()} == CATALOGUE


def test_every_file_of_the_folder_is_a_rule() -> None:
    files = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
    assert files == [f"{code.lower()}_{name.replace('-', '_')}" for code, name in sorted(CATALOGUE.items())]


@BY_RULE
def test_a_rule_file_is_short(rule: Rule) -> None:
    module = FOLDER / f"{rule.code.lower()}_{rule.name.replace('-', '_')}.py"
    assert len(module.read_text().splitlines()) <= 120


@BY_RULE
def test_a_page_has_the_headings_in_their_order(rule: Rule) -> None:
    page = documentation(rule)
    titles = [section.title for section in page.sections]
    assert titles == [title for title in ORDER if title in titles]
    assert {"What it does", "Why is this bad?", "Example", "What is not reported"} <= set(titles)
    assert re.fullmatch(r"[A-Z`].*\.", page.summary)
    assert all(section.text for section in page.sections)


@BY_RULE
def test_what_it_may_fix_is_said_of_rules_about_code(rule: Rule) -> None:
    titles = [section.title for section in documentation(rule).sections]
    if not rule.is_of_run:
        assert {"How it fails at run time", "Fix safety", "References"} <= set(titles)


@BY_RULE
def test_the_marks_for_tests_are_not_for_readers(rule: Rule) -> None:
    assert "# expect" not in documentation(rule).markdown()


def test_fixture_folders_are_called_after_rules() -> None:
    assert {path.name.upper() for path in FIXTURES.iterdir()} == {rule.code for rule in all_rules() if not rule.is_of_run}
