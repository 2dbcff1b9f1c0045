"""Which rules run, and where: prefixes, their precedence, and codes that are none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessionlint.check import Rule, all_rules, selected
from sessionlint.config import Origin
from sessionlint.source import SessionlintError
from tests.check.programs import facts, found, places, query_get, settings

OF_RUN = ["SES001", "SES004", "SES005", "SES009"]
DEFAULT = [rule.code for rule in all_rules() if rule.default]
FAMILY_1 = [rule.code for rule in all_rules() if rule.code[:4] == "SES1"]
FAMILY_4 = [rule.code for rule in all_rules() if rule.code[:4] == "SES4"]


def codes(**lint: object) -> list[str]:
    return [rule.code for rule in selected(settings(**lint))]


@pytest.mark.parametrize(
    ("lint", "expected"),
    [
        ({}, DEFAULT),
        ({"select": ("ALL",)}, [rule.code for rule in all_rules()]),
        ({"select": ("SES301",)}, [*OF_RUN, "SES301"]),
        ({"select": ("ses4",)}, [*OF_RUN, *FAMILY_4]),
        ({"select": ("SES1",), "extend_select": ("SES406",)}, [*OF_RUN, *FAMILY_1, "SES406"]),
        ({"extend_select": ("SES406",)}, DEFAULT),
        ({"ignore": ("SES",)}, ["SES009"]),
        ({"ignore": ("ALL",)}, ["SES009"]),
        ({"select": ("SES301",), "ignore": ("SES3",)}, [*OF_RUN, "SES301"]),
        ({"select": ("SES4",), "ignore": ("SES406",)}, [*OF_RUN, *(code for code in FAMILY_4 if code != "SES406")]),
        ({"select": ("SES4",), "ignore": ("SES4",)}, OF_RUN),
        ({"select": ("ALL",), "ignore": ("ALL",)}, ["SES009"]),
        ({"select": ("SES40",), "ignore": ("SES4",), "extend_select": ("SES101",)}, [*OF_RUN, "SES101", *FAMILY_4]),
        ({"ignore": ("SES001", "SES009")}, [code for code in DEFAULT if code != "SES001"]),
    ],
    ids=str,
)
def test_the_more_specific_prefix_wins(lint: dict[str, object], expected: list[str]) -> None:
    assert codes(**lint) == expected


def test_a_rule_that_is_off_by_default_has_to_be_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    rule: Rule = next(rule for rule in all_rules() if rule.code == "SES406")
    monkeypatch.setattr(type(rule), "default", False)
    assert "SES406" not in codes()
    assert "SES406" in codes(extend_select=("SES4",))
    assert "SES406" in codes(select=("SES406",))


@pytest.mark.parametrize(
    ("lint", "message"),
    [
        ({"select": ("SES311",)}, "unknown rule code `SES311` in `select` (did you mean `SES310`?)"),
        ({"ignore": ("F401",)}, "unknown rule code `F401` in `ignore` (did you mean `SES401`?)"),
        (
            {"extend_select": ("session-leak",)},
            "unknown rule code `SESSION-LEAK` in `extend-select` (the code of `session-leak` is `SES102`)",
        ),
        ({"select": ("session-leek",)}, "unknown rule code `SESSION-LEEK` in `select` (did you mean `SES102`?)"),
        ({"select": ("",)}, "unknown rule code `` in `select`"),
        ({"per_file_ignores": (("*.py", ("XYZ",)),)}, "unknown rule code `XYZ` in `per-file-ignores`"),
    ],
)
def test_an_unknown_code_is_refused_with_the_nearest(lint: dict[str, object], message: str) -> None:
    with pytest.raises(SessionlintError) as caught:
        codes(**lint)
    assert str(caught.value) == message


def test_an_unknown_code_is_placed_where_it_was_written() -> None:
    given = replace(settings(ignore=("SES9999",)), origins={"ignore": Origin("pyproject.toml", 12, "ignore")})
    with pytest.raises(SessionlintError) as caught:
        selected(given)
    assert str(caught.value).startswith("pyproject.toml:12: unknown rule code `SES9999` in `ignore`")


@pytest.mark.parametrize(
    ("pattern", "ignored"),
    [
        ("tests/**", {"tests/test_a.py", "tests/deep/b.py"}),
        ("tests", {"tests/test_a.py", "tests/deep/b.py"}),
        ("test_*.py", {"tests/test_a.py"}),
        ("/app.py", {"app.py"}),
        ("app.py", {"app.py", "src/app.py"}),
        ("!tests/**", {"app.py", "src/app.py"}),
        ("*.txt", set()),
    ],
)
def test_per_file_ignores(pattern: str, ignored: set[str]) -> None:
    files = {name: facts() for name in ("app.py", "src/app.py", "tests/test_a.py", "tests/deep/b.py")}
    findings = found(*(query_get(1, file=name) for name in files), files=files, per_file_ignores=((pattern, ("SES4",)),))
    assert {finding.at.file for finding in findings} == set(files) - ignored


def test_per_file_ignores_name_rules() -> None:
    assert places(found(query_get(1), per_file_ignores=(("app.py", ("SES401", "SES3")),))) == [("app.py", 1, "SES406")]
    assert places(found(query_get(1), per_file_ignores=(("app.py", ("ALL",)),))) == []
