"""The rules as a whole: named as the catalogue names them, each in one place of its own, each page with the headings that users know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import sessionlint.check
from sessionlint.check import Rule, all_rules, asked_in_vain, catalogue, documentation, reserved, rule_of, selected
from sessionlint.cli.show_settings import values
from sessionlint.config import Options, Settings, load_settings
from sessionlint.rewrite import all_codemods
from tests.cases import FIXTURES

CATALOGUE = {
    "SES001": "syntax-error",
    "SES002": "unused-suppression",
    "SES003": "invalid-suppression",
    "SES004": "stale-baseline-entry",
    "SES005": "unreadable-file",
    "SES009": "internal-error",
    "SES101": "direct-session-acquisition",
    "SES102": "session-leak",
    "SES103": "session-used-after-close",
    "SES104": "shared-session",
    "SES105": "missing-rollback",
    "SES106": "session-escapes-scope",
    "SES107": "nested-session-scope",
    "SES108": "redundant-session-call",
    "SES109": "session-held-while-waiting",
    "SES201": "session-in-session-state",
    "SES202": "instance-in-session-state",
    "SES203": "session-read-from-session-state",
    "SES204": "identity-from-session-state",
    "SES205": "session-in-cache",
    "SES206": "session-crosses-thread",
    "SES301": "detached-lazy-load",
    "SES302": "detached-expired-attribute",
    "SES303": "async-lazy-load",
    "SES304": "lazy-load-in-loop",
    "SES305": "raise-on-lazy-access",
    "SES306": "detached-template-context",
    "SES307": "detached-serialization",
    "SES308": "cross-session-use",
    "SES309": "detached-user-loader",
    "SES310": "merge-result-discarded",
    "SES401": "unsafe-repr-relationship",
    "SES402": "unsafe-repr-column",
    "SES403": "dataclass-repr-relationship",
    "SES404": "unsafe-model-accessor",
    "SES405": "python-only-hybrid",
    "SES406": "legacy-query-get",
    "SES501": "missing-session-teardown",
    "SES502": "dependency-without-cleanup",
    "SES503": "template-lazy-attribute",
    "SES504": "view-without-session-context",
    "SES505": "unhandled-detached-error",
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
OPTIONS = {
    "SES003": {"require-reason"},
    "SES004": {"baseline"},
    "SES101": {"sessions.acquirers", "sessions.closers", "migrate.routes", "migrate.default"},
    "SES204": {"sessions.identity-keys"},
    "SES503": {"sessions.user-names", "sessions.safe-user-name"},
    "SES504": {"sessions.view-decorators"},
}
"""What rules, and the codemods that mend their findings, read of the settings, beside which rules run where."""
FOLDER = Path(sessionlint.check.__path__[0]) / "rules"
BY_RULE = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)


def test_no_code_is_both_a_rule_and_reserved() -> None:
    implemented = {rule.code: rule.name for rule in all_rules()}
    assert not reserved().keys() & implemented.keys()
    assert reserved() | implemented == CATALOGUE
    assert len(CATALOGUE) == 42


@pytest.fixture
def to_come(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A code of the catalogue that has no rule yet."""
    monkeypatch.setitem(catalogue.CATALOGUE, "SES599", "rule-of-tomorrow")
    reserved.cache_clear()
    yield "SES599"
    reserved.cache_clear()


def test_a_code_that_is_to_come_may_be_named(tmp_path: Path, to_come: str) -> None:
    (tmp_path / "empty.py").write_text("")
    settings = load_settings([tmp_path], isolated=True, overrides=Options(select=(to_come,)))
    assert {rule.code for rule in selected(settings)} == {rule.code for rule in all_rules() if rule.is_of_run}
    assert asked_in_vain(settings.lint.select) == (to_come,)


def test_codes_and_names_are_the_catalogues() -> None:
    assert {rule.code: rule.name for rule in all_rules()}.items() <= CATALOGUE.items()


def test_every_file_of_the_folder_is_a_rule() -> None:
    files = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
    assert files == [f"{code.lower()}_{name.replace('-', '_')}" for code, name in sorted(CATALOGUE.items()) if code not in reserved()]


@BY_RULE
def test_a_rule_file_is_short(rule: Rule) -> None:
    module = FOLDER / f"{rule.code.lower()}_{rule.name.replace('-', '_')}.py"
    assert len(module.read_text().splitlines()) <= 120


@BY_RULE
def test_a_page_has_the_headings_in_their_order(rule: Rule) -> None:
    page = documentation(rule)
    titles = [section.title for section in page.sections]
    assert titles == [title for title in ORDER if title != "Options" or rule.code in OPTIONS]
    assert re.fullmatch(r"[A-Z`].*\.", page.summary)
    assert all(section.text for section in page.sections)


@pytest.mark.parametrize("code", OPTIONS)
def test_a_page_names_the_options_that_its_rule_reads(code: str) -> None:
    items = re.findall(r"^- ((?:`[\w.-]+`(?:, )?)+): \w", documentation(rule_of(code)).section("Options"), re.M)
    assert {key for item in items for key in re.findall(r"`([^`]+)`", item)} == OPTIONS[code]
    assert dict(values(Settings(Path()))).keys() >= OPTIONS[code]


@BY_RULE
def test_a_page_says_what_a_fix_does_if_there_is_one(rule: Rule) -> None:
    said = documentation(rule).section("Fix safety")
    fixes = [codemod for codemod in all_codemods() if rule.code in codemod.fixes]
    assert said.startswith("There is no fix") is not bool(fixes)


@BY_RULE
def test_an_example_is_followed_by_what_to_use_instead(rule: Rule) -> None:
    page = documentation(rule)
    if rule.code not in {"SES004", "SES009"}:  # not about Python code
        assert (len(page.wrong), len(page.right)) == (1, 1)
        assert "Use instead:" in page.section("Example")


@BY_RULE
def test_a_rule_says_what_its_findings_say(rule: Rule) -> None:
    assert rule.message_formats
    for format in rule.message_formats:
        assert not format.endswith("."), "no full stop"
        assert "\n" not in format
        assert all(name is None or name.isidentifier() for _, name, _, _ in Formatter().parse(format)), "names in braces"


@BY_RULE
def test_the_marks_for_tests_are_not_for_readers(rule: Rule) -> None:
    assert "# expect" not in documentation(rule).markdown()


def test_fixture_folders_are_called_after_rules() -> None:
    assert {path.name.upper() for path in FIXTURES.iterdir()} == {rule.code for rule in all_rules() if not rule.is_of_run}
